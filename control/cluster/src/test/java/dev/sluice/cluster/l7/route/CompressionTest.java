package dev.sluice.cluster.l7.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

final class CompressionTest {
    @Test
    void everyKeyIsRead() {
        assertThat(
                        compression(
                                "{codings: [gzip], types: [Text/*, application/json], minimum: 4KiB,"
                                        + " effort: high}"))
                .isEqualTo(
                        new Compression(
                                List.of(Compression.Coding.GZIP),
                                List.of("text/*", "application/json"),
                                4096,
                                Compression.Effort.HIGH));
    }

    @Test
    void byDefaultTextIsCompressedByWhateverTheClientTakes() {
        Compression compression = compression("{}");
        assertThat(compression.codings())
                .containsExactly(Compression.Coding.ZSTD, Compression.Coding.GZIP);
        assertThat(compression.types())
                .contains("text/html", "application/json")
                .doesNotContain("text/event-stream", "image/png");
        assertThat(compression.minBytes()).isEqualTo(1024);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{codings: [br]} | 'br' is not allowed; allowed: zstd, gzip",
                "{codings: [gzip, gzip]} | has one twice; allowed: zstd, gzip",
                "{types: ['*/*']} | '*/*' is not a media type; allowed: type/subtype, or type/* for"
                        + " all of them",
                "{types: [text]} | 'text' is not a media type; allowed: type/subtype, or type/* for"
                        + " all of them",
            })
    void whatCannotBeIsRefused(String compress, String problem) {
        assertThat(RoutesTest.problems("- {upstream: a, compress: " + compress + "}"))
                .singleElement()
                .asString()
                .endsWith(problem);
    }

    private static Compression compression(String keys) {
        String route = "- {upstream: a, compress: " + keys + "}";
        return RoutesTest.parse(route).orElseThrow().getFirst().compression().orElseThrow();
    }
}
