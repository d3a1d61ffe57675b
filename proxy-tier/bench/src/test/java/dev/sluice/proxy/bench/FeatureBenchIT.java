package dev.sluice.proxy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class FeatureBenchIT {
    private static final int ASKED = 20;

    @Test
    void everyFeatureIsMeasuredAndDoesWhatItIsFor() throws IOException {
        List<String> progress = new ArrayList<>();
        List<FeatureResult> results =
                new FeatureBench(new FeatureBench.Options(1, 0, 80, 16_384), progress::add).run();
        Map<String, Long> bytes =
                results.stream()
                        .collect(Collectors.toMap(FeatureResult::feature, FeatureResult::bytes));
        assertThat(bytes)
                .containsOnlyKeys(
                        Stream.of(Feature.values()).map(Feature::title).toArray(String[]::new))
                .containsEntry("rate-limit", 16_384L)
                .containsEntry("sticky", 16_384L)
                .containsEntry("hedge", 16_384L)
                .containsEntry("mirror", 16_384L)
                .containsEntry("log", 16_384L)
                .containsEntry("trace-all", 16_384L)
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
    void whatIsNotSeenInResponsesIsDoneForEachRequest() throws IOException {
        try (FeatureSite site = new FeatureSite(1_024)) {
            ask(site, Feature.OFF);
            assertThat(ask(site, Feature.STICKY)).startsWith("sluice-known=");
            ask(site, Feature.MIRROR);
            await().until(() -> site.copies() == ASKED);
            ask(site, Feature.LOG);
            awaitCount(() -> site.engine(Feature.LOG).figures().logLines(), "written", ASKED);
            ask(site, Feature.LOG_LINE);
            awaitCount(() -> site.engine(Feature.LOG_LINE).figures().logLines(), "written", ASKED);
            ask(site, Feature.TRACE_ALL);
            awaitCount(
                    () -> site.engine(Feature.TRACE_ALL).figures().spans(), "exported", 2 * ASKED);
            assertThat(site.losses()).isEmpty();
        }
    }

    private static void awaitCount(Supplier<Map<String, Long>> counts, String of, long expected) {
        await().until(() -> counts.get().get(of), count -> count == expected);
    }

    /** On one connection; what cookie it was given. */
    private static String ask(FeatureSite site, Feature feature) throws IOException {
        try (Caller caller = new Caller(site.port(feature), feature.request(1_024))) {
            for (int i = 0; i < ASKED; i++) {
                caller.ask();
                assertThat(caller.answer()).isEqualTo(1_024);
            }
            return caller.cookie();
        }
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
