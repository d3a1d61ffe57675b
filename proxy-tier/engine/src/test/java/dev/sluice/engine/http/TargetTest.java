package dev.sluice.engine.http;

import static dev.sluice.cluster.l7.Targets.EncodedSlash.KEEP;
import static dev.sluice.cluster.l7.Targets.EncodedSlash.REFUSE;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/, /a/",
        "/a/../b, /b",
        "/a/./b, /a/b",
        "/a/.., /",
        "/a/., /a/",
        "/a/b/.., /a/",
        "//a///b, /a/b",
        "/a//, /a/",
        "/%61%2Db, /a-b",
        "/a/%2e%2e/b, /b",
        "/a/%2E/b, /a/b",
        "/%7euser, /~user",
        "/a%20b, /a%20b",
        "/a%c3%bc, /a%C3%BC",
        "/.well-known/x, /.well-known/x",
        "/..a/...b, /..a/...b",
        "/a;b=c, /a;b=c",
        "/a%25b, /a%25b",
        "/%252e%252e/a, /%252e%252e/a",
    })
    void pathsAreNormalised(String written, String routed) {
        assertThat(Target.parse(written, REFUSE)).isEqualTo(new Target(routed, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "/..",
                "/a/../../b",
                "/%2e%2e",
                "/a%2fb",
                "/a%2Fb",
                "/a%5cb",
                "/a\\b",
                "/a%00b",
                "/a%",
                "/a%4",
                "/a%zz",
                "/a%+1",
                "/a b",
                "/a#b",
                "/a\tb",
                "/a\u0000b",
                "/a\u007fb",
                "/a\u00fcb",
                "/a/..;/b",
                "/a/.;x/b",
                "/a?b#c",
                "/a?b\u0001"
            })
    void whatServersReadDifferentlyIsRefused(String written) {
        assertThat(Target.parse(written, REFUSE)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/a%2fb, /a%2Fb",
        "/a%2F, /a%2F",
        "/a%2fb/../c, /c",
        "/a/%2fb/./%2F%2F, /a/%2Fb/%2F%2F",
    })
    void anEncodedSlashIsPartOfItsSegmentIfThatIsWanted(String written, String routed) {
        assertThat(Target.parse(written, KEEP)).isEqualTo(new Target(routed, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/..%2fb",
                "/a/%2e%2e%2fb",
                "/a%2f..%2Fb",
                "/a%2f.",
                "/a%2f%2e%2e;x",
                "/a%5cb",
                "/a%00b%2f"
            })
    void dotsBesideAnEncodedSlashAreRefusedEvenThen(String written) {
        assertThat(Target.parse(written, KEEP)).isNull();
    }

    @Test
    void theQueryIsLeftAsItIs() {
        assertThat(Target.parse("/a/../b?x=%2f../%2e%2e//&y", REFUSE))
                .isEqualTo(new Target("/b", "?x=%2f../%2e%2e//&y"));
        assertThat(Target.parse("/a?", REFUSE)).isEqualTo(new Target("/a", "?"));
    }
}
