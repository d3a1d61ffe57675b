package dev.sluice.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class MetricsTextTest {
    private enum Verdict {
        KEPT_KNOWN,
        LAST_RESORT
    }

    @Test
    void writesThePrometheusTextFormat() {
        MetricsText text =
                new MetricsText()
                        .gauge("sluice_up", "Whether it is.")
                        .sample(Map.of(), 1)
                        .counter("sluice_packets_total", "By verdict.")
                        .samples("verdict", Map.of(Verdict.LAST_RESORT, 0L, Verdict.KEPT_KNOWN, 7L))
                        .gauge("sluice_generation", "Installed.")
                        .samplesBy("pool", Map.of("web", 3L, "a\"b\\c\nd", 4L));

        assertThat(text.toString())
                .isEqualTo(
                        """
                        # HELP sluice_up Whether it is.
                        # TYPE sluice_up gauge
                        sluice_up 1
                        # HELP sluice_packets_total By verdict.
                        # TYPE sluice_packets_total counter
                        sluice_packets_total{verdict="kept_known"} 7
                        sluice_packets_total{verdict="last_resort"} 0
                        # HELP sluice_generation Installed.
                        # TYPE sluice_generation gauge
                        sluice_generation{pool="a\\"b\\\\c\\nd"} 4
                        sluice_generation{pool="web"} 3
                        """);
    }

    @Test
    void bucketsOfAHistogramAreCumulative() {
        MetricsText text =
                new MetricsText()
                        .histogram("sluice_seconds", "How long.")
                        .distribution(
                                Map.of("upstream", "app"),
                                new double[] {0.005, 1},
                                new long[] {2, 3, 1},
                                4.25);

        assertThat(text.toString())
                .isEqualTo(
                        """
                        # HELP sluice_seconds How long.
                        # TYPE sluice_seconds histogram
                        sluice_seconds_bucket{le="0.005",upstream="app"} 2
                        sluice_seconds_bucket{le="1.0",upstream="app"} 5
                        sluice_seconds_bucket{le="+Inf",upstream="app"} 6
                        sluice_seconds_sum{upstream="app"} 4.25
                        sluice_seconds_count{upstream="app"} 6
                        """);
    }
}
