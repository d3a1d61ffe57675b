package dev.sluice.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

final class FeatureBenchIT {
    @Test
    void everyFeatureIsMeasuredAndDoesWhatItIsFor() throws IOException {
        List<String> progress = new ArrayList<>();
        List<FeatureResult> results =
                new FeatureBench(new FeatureBench.Options(1, 0, 80, 16_384), progress::add).run();
        Map<String, Long> bytes =
                results.stream()
                        .collect(Collectors.toMap(FeatureResult::feature, FeatureResult::bytes));
        assertThat(bytes)
                .containsOnlyKeys("off", "cors", "preflight", "unused", "gzip", "zstd", "file")
                .containsEntry("off", 16_384L)
                .containsEntry("cors", 16_384L)
                .containsEntry("unused", 16_384L)
                .containsEntry("file", 16_384L)
                .containsEntry("preflight", 0L);
        assertThat(bytes.get("gzip")).isBetween(100L, 8_000L);
        assertThat(bytes.get("zstd")).isBetween(100L, 8_000L);
        assertThat(results).allSatisfy(r -> assertThat(r.micros().median()).isPositive());
        assertThat(results.getFirst().ratio()).isEqualTo(new Samples(1, 1, 1));
        assertThat(progress).contains("round 0");
    }

    @Test
    void resultsAreForPeopleAndForPrograms() {
        Samples samples = new Samples(20, 18, 22);
        List<FeatureResult> results =
                List.of(new FeatureResult("gzip", samples, new Samples(2, 1.5, 2.5), 1234));
        assertThat(FeatureText.table(results))
                .isEqualTo(
                        """
                        FEATURE     MICROS/REQUEST  RATIO   SPREAD        BYTES
                        gzip        20.00           2.00    1.50..2.50    1234
                        """);
        assertThat(FeatureText.json(results))
                .isEqualTo(
                        """
                        [{"feature":"gzip","micros":{"median":20.00,"low":18.00,"high":22.00},\
                        "ratio":{"median":2.00,"low":1.50,"high":2.50},"bytes":1234}]\
                        """);
    }
}
