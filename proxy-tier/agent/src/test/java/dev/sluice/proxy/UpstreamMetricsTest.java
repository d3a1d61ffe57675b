package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.node.MetricsText;
import dev.sluice.engine.balance.EndpointStatus;
import dev.sluice.engine.balance.EndpointStatus.Use;
import dev.sluice.engine.upstream.Copies;
import dev.sluice.engine.upstream.UpstreamStatus;
import dev.sluice.engine.upstream.WaitingStatus;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class UpstreamMetricsTest {
    @Test
    void endpointsAreCountedByUse() {
        MetricsText text = new MetricsText();
        UpstreamMetrics.addTo(
                text,
                List.of(
                        new UpstreamStatus(
                                "app",
                                true,
                                7,
                                3,
                                List.of(of(Use.USED), of(Use.USED), of(Use.UNWELL)),
                                Map.of(
                                        Copies.Result.ANSWERED,
                                        5L,
                                        Copies.Result.TOO_LARGE,
                                        2L,
                                        Copies.Result.BUSY,
                                        0L),
                                new WaitingStatus(4, 9, 2_500_000_000L, 5, 6),
                                "no such name")));
        assertThat(text.toString().lines())
                .contains(
                        "sluice_proxy_upstream_endpoints{upstream=\"app\",use=\"used\"} 2",
                        "sluice_proxy_upstream_endpoints{upstream=\"app\",use=\"unwell\"} 1",
                        "sluice_proxy_upstream_endpoints{upstream=\"app\",use=\"ejected\"} 0",
                        "sluice_proxy_upstream_requests{upstream=\"app\"} 7",
                        "sluice_proxy_upstream_panic{upstream=\"app\"} 1",
                        "sluice_proxy_upstream_ejections_total{upstream=\"app\"} 3",
                        "sluice_proxy_mirrored_requests_total{result=\"answered\",upstream=\"app\"} 5",
                        "sluice_proxy_mirrored_requests_total{result=\"too-large\",upstream=\"app\"} 2",
                        "sluice_proxy_upstream_lookup_trouble{upstream=\"app\"} 1",
                        "sluice_proxy_upstream_waiting{upstream=\"app\"} 4",
                        "sluice_proxy_upstream_waited_total{upstream=\"app\"} 9",
                        "sluice_proxy_upstream_waited_microseconds_total{upstream=\"app\"} 2500000",
                        "sluice_proxy_upstream_queue_refusals_total{upstream=\"app\",why=\"full\"} 5",
                        "sluice_proxy_upstream_queue_refusals_total{upstream=\"app\",why=\"late\"} 6")
                .noneMatch(line -> line.contains("busy"));
    }

    private static EndpointStatus of(Use use) {
        return new EndpointStatus(HostPort.parse("198.18.3.1:80"), "", 1, use, 0, 0, List.of());
    }
}
