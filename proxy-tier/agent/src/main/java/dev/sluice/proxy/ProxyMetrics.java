package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.datapath.Counts;
import dev.sluice.datapath.DatapathMetrics;
import dev.sluice.datapath.PinnedDatapath;
import dev.sluice.datapath.bpf.DatapathException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** What a proxy host tells Prometheus. */
final class ProxyMetrics {
    private ProxyMetrics() {}

    /** Any thread: the kernel's maps are opened for the occasion. */
    static MetricsText of(ProxyHostState state, L7 l7, Path pins) {
        try (PinnedDatapath<RedirectCounter> datapath = PinnedDatapath.redirect(pins)) {
            return of(state, l7, datapath.counts());
        } catch (DatapathException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    static MetricsText of(ProxyHostState state, L7 l7, Counts<RedirectCounter> counts) {
        MetricsText text =
                of(state, l7.load())
                        .gauge(
                                "sluice_proxy_certificate_expiry_seconds",
                                "When a served certificate ends, seconds since 1970.");
        l7.certificates()
                .forEach((file, end) ->
                        text.sample(Map.of("certificate", file), end.getEpochSecond()));
        l7.addTo(text);
        return DatapathMetrics.addPackets(
                text,
                "sluice_proxy",
                "Encapsulated packets (kept_last_resort is the alarm)",
                counts);
    }

    static MetricsText of(L7.Load load) {
        return new MetricsText()
                .gauge("sluice_proxy_connections", "Open client connections.")
                .sample(Map.of(), load.connections())
                .gauge("sluice_proxy_requests_in_flight", "Requests and tunnels under way.")
                .sample(Map.of(), load.requestsInFlight());
    }

    static MetricsText of(ProxyHostState state, L7.Load load) {
        return of(load).gauge(
                        "sluice_proxy_pool_generation", "Generation that this host works with.")
                .samplesBy("pool", state.persisted())
                .gauge("sluice_proxy_problems", "What is wrong now: see sluice status.")
                .sample(Map.of(), state.problems().size());
    }
}
