package dev.sluice.engine.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | ''",
                "/ | ''",
                "/a/b.txt | a/b.txt",
                "/a/ | a",
                "/caf%C3%A9 and%20more | café and more",
                "/a%5Cb | a\\b",
                "/100%25 | 100%",
                "/.git/config |",
                "/a/.env |",
                "/.well-known |",
                "/../x |",
                "/a/../x |",
                "/%2E%2E/x |",
                "/..%2Fx |",
                "/a%2F..%2F..%2Fx |",
                "/a%00.txt |",
                "/a%0Ab |",
                "/a%7F |",
                "/%C3 |",
                "/%FF%FE |",
                "//etc/passwd |",
                "/a//b |",
            })
    void aPathIsANameOrNone(String path, @Nullable String name) {
        assertThat(FileNames.of(path, false)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/.well-known/x | .well-known/x",
                "/.. |",
                "/a/. |",
                "/%2E%2E/x |",
            })
    void hiddenOnesAreServedOnRequestButNeverDots(String path, @Nullable String name) {
        assertThat(FileNames.of(path, true)).isEqualTo(name);
    }
}
