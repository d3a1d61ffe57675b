package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;

final class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "www.example.org, www.example.org",
        "WWW.Example.ORG:8080, www.example.org",
        "example.org., example.org",
        "198.18.0.1:80, 198.18.0.1",
        "[2001:DB8::1]:443, [2001:db8::1]",
        "[2001:db8::1], [2001:db8::1]",
        "my_host, my_host",
    })
    void hostsAreComparedInLowerCaseWithoutPort(String text, String host) {
        assertThat(Objects.requireNonNull(Authority.parse(text)).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "u@h",
                "a:b",
                "a:",
                "a:123456",
                "a:65536",
                "a:-1",
                "a..b",
                ".a",
                "[::1",
                "[x]",
                "[198.18.0.1]",
                "a/b",
                "a,b",
                "a%41",
                "a\u00fc",
                "a:80:80",
                "[::1]x",
                ":80"
            })
    void whatIsNoHostIsRefused(String text) {
        assertThat(Authority.parse(text)).isNull();
    }
}
