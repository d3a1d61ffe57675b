package dev.sluice.cluster.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.Problem;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;

final class SecretPathsTest {
    /** What was pasted in place of a path may be the secret itself. */
    @Test
    void noProblemShowsWhatWasPastedInPlaceOfAPath() {
        assertThat(
                        problems(
                                """
                                listeners:
                                  - name: web
                                    addresses: ["198.18.0.1:443"]
                                    tls:
                                      certificates: [{certificate: /a.crt, key: "-----BEGIN HUSH"}]
                                      tickets: hush
                                upstreams:
                                  - {name: app, endpoints: ["198.18.3.1:80"], sticky: {secret: hush}}
                                """))
                .hasSize(3)
                .allMatch(problem -> problem.contains("is not an absolute path; allowed: /…"))
                .noneMatch(problem -> problem.toLowerCase(Locale.ROOT).contains("hush"));
    }

    private static List<String> problems(String text) {
        return L7Config.parse("l7.yaml", text).problems().stream().map(Problem::toString).toList();
    }
}
