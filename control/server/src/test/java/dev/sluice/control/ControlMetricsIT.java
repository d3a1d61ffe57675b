package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.testing.Dashboards;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What Prometheus reads of a control process. */
class ControlMetricsIT extends SmallCluster {
    private String metrics() throws IOException {
        URI url = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
        try (InputStream in = url.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void dashboardsAndAlarmsGoByWhatIsExported() throws IOException {
        assertThat(Dashboards.missing("control", metrics())).isEmpty();
    }

    @Test
    void aChangeIsSeenFromItsRefusalToItsEnd() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(metrics())
                                .contains(
                                        "sluice_control_leader 1\n",
                                        "sluice_control_session 2\n",
                                        "sluice_control_pool_generation{pool=\"web\"} 1\n",
                                        "sluice_control_pool_epochs{pool=\"web\"} 1\n",
                                        "sluice_control_queue_length{pool=\"web\"} 0\n",
                                        "sluice_control_members{state=\"present\",tier=\"proxy\"} 3\n",
                                        "sluice_control_pool_proxies{pool=\"web\",state=\"active\"} 3\n"));
        assertThat(sluice.run("fill", "p1").exit()).isEqualTo(3);
        proxies.getFirst().hold(7);
        assertThat(sluice.run("drain", "p1").exit()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(metrics())
                                .contains(
                                        "sluice_control_pool_phase{phase=\"settling\",pool=\"web\"} 1\n",
                                        "sluice_control_pool_proxies{pool=\"web\",state=\"draining\"} 1\n",
                                        "sluice_control_changes_total{outcome=\"begun\"} 1\n",
                                        "sluice_control_changes_total{outcome=\"refused_wrong\"} 1\n"));
        proxies.getFirst().hold(0);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(metrics())
                                .contains(
                                        "sluice_control_phase_seconds_count{phase=\"settling\"} 1\n",
                                        "sluice_control_pool_epochs{pool=\"web\"} 1\n"));
    }
}
