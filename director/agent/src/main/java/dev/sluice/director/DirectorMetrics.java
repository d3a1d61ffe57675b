package dev.sluice.director;

import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.datapath.Counts;
import dev.sluice.datapath.DatapathMetrics;
import dev.sluice.datapath.PinnedDatapath;
import dev.sluice.datapath.bpf.DatapathException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a director tells Prometheus. */
final class DirectorMetrics {
    private DirectorMetrics() {}

    /** Any thread: the kernel's maps are opened for the occasion. */
    static MetricsText of(DirectorState state, Path pins) {
        try (PinnedDatapath<DirectorCounter> datapath = PinnedDatapath.director(pins)) {
            return of(state, datapath.counts());
        } catch (DatapathException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    static MetricsText of(DirectorState state, Counts<DirectorCounter> counts) {
        MetricsText text = of(state);
        return DatapathMetrics.addTraffic(
                DatapathMetrics.addPackets(text, "sluice_director", "Packets", counts),
                counts,
                names(state));
    }

    private static Map<Address, String> names(DirectorState state) {
        return state.proxies().values().stream()
                .collect(Collectors.toMap(Proxy::address, Proxy::id, (one, other) -> one));
    }

    static MetricsText of(DirectorState state) {
        Map<String, Long> reachable = new TreeMap<>();
        state.hops().forEach((proxy, hop) -> reachable.put(proxy, hop.reachable() ? 1L : 0L));
        return new MetricsText()
                .gauge("sluice_director_announcing", "1 while routers are told to send here.")
                .sample(Map.of(), state.announcing() ? 1 : 0)
                .gauge("sluice_director_session", "1 while ZooKeeper's state is known to be new.")
                .sample(Map.of(), state.fresh() ? 1 : 0)
                .gauge("sluice_director_pool_generation", "Generation that packets go by.")
                .samplesBy("pool", state.installed())
                .gauge("sluice_director_hop_reachable", "1 while a proxy answers probes.")
                .samplesBy("proxy", reachable)
                .gauge("sluice_director_problems", "What is wrong now: see sluice status.")
                .sample(Map.of(), state.problems().size());
    }
}
