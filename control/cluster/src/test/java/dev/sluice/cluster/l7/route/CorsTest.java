package dev.sluice.cluster.l7.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;

final class CorsTest {
    @Test
    void everyKeyIsRead() {
        assertThat(
                        cors(
                                """
                                origins: [HTTPS://App.example.org:443, "http://*.example.org:8080", {regex: "https://v[0-9]"}]
                                methods: [put, DELETE]
                                headers: [X-Token]
                                expose: [X-Total]
                                credentials: true
                                maxAge: 5m
                                """))
                .isEqualTo(
                        new Cors(
                                List.of(
                                        new OriginPattern.Exact("https://app.example.org"),
                                        new OriginPattern.Below("http://", ".example.org:8080"),
                                        new OriginPattern.Matching(Regex.of("https://v[0-9]"))),
                                List.of("PUT", "DELETE"),
                                List.of("x-token"),
                                List.of("x-total"),
                                true,
                                Duration.ofMinutes(5)));
    }

    @Test
    void whatIsSimpleAnywayIsTheDefault() {
        assertThat(cors("origins: ['*']"))
                .isEqualTo(
                        new Cors(
                                List.of(new OriginPattern.Any()),
                                List.of("GET", "HEAD", "POST"),
                                List.of(),
                                List.of(),
                                false,
                                Duration.ofMinutes(10)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://*.example.org | https://a.example.org | true",
                "https://*.example.org | https://a.b.example.org | true",
                "https://*.example.org | https://example.org | false",
                "https://*.example.org | https://.example.org | false",
                "https://*.example.org | https://evil.org/.example.org | false",
                "https://*.example.org | https://evil.org:1@x.example.org | false",
                "https://*.example.org | https://evilexample.org | false",
                "https://*.example.org | http://a.example.org | false",
                "https://*.example.org | https://a.example.org:8443 | false",
                "https://*.example.org:8443 | https://a.example.org:8443 | true",
                "https://example.org | https://example.org.evil.org | false",
                "https://[2001:db8::1]:8443 | https://[2001:db8::1]:8443 | true",
                "* | null | true",
                "{regex: '.*'} | null | false",
                "{regex: 'https://a[.]org'} | https://a.org | true",
                "{regex: 'https://a[.]org'} | https://a.org.evil.org | false",
            })
    void anOriginIsMeantOrNot(String pattern, String origin, boolean fits) {
        String written = pattern.startsWith("{") ? pattern : "'" + pattern + "'";
        assertThat(cors("origins: [" + written + "]").origins().getFirst().fits(origin))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{origins: ['*'], credentials: true} | cors.origins: cannot be * together with"
                        + " credentials; name those that are meant",
                "{origins: ['https://a.org'], headers: ['*'], credentials: true} | cors.headers:"
                        + " cannot be * together with credentials; name those that are meant",
                "{origins: ['https://a.org'], methods: ['*'], credentials: true} | cors.methods:"
                        + " cannot be * together with credentials; name those that are meant",
                "{origins: ['https://a.org'], expose: ['*'], credentials: true} | cors.expose:"
                        + " cannot be * together with credentials; name those that are meant",
                "{credentials: true} | cors.origins: is missing",
                "{origins: []} | cors.origins: is an empty list; give it at least one element",
            })
    void whatWouldOpenTooMuchIsRefused(String cors, String problem) {
        assertThat(RoutesTest.problems("- {upstream: a, cors: " + cors + "}"))
                .singleElement()
                .asString()
                .endsWith(problem);
    }

    @ParameterizedTest
    @CsvSource({"null", "a.org", "https://a.org/", "https://a.org/x", "'https://*'", "https://a@b"})
    void whatIsNoOriginIsRefused(String text) {
        assertThat(RoutesTest.problems("- {upstream: a, cors: {origins: ['" + text + "']}}"))
                .singleElement()
                .asString()
                .contains("routes[0].cors.origins[0]: '" + text + "' is not an origin; allowed:");
    }

    private static Cors cors(String keys) {
        String route = "- upstream: a\n  cors:\n" + keys.indent(4);
        return RoutesTest.parse(route).orElseThrow().getFirst().cors().orElseThrow();
    }
}
