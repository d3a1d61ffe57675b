package dev.sluice.control;

import dev.sluice.cluster.node.MetricsText;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.proto.admin.v1.PoolPhase;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What a control process tells Prometheus: how it sees the cluster, and what it did. Pure. */
final class ControlMetrics {
    private final MetricsText text = new MetricsText();
    private final ClusterView view;

    private ControlMetrics(ClusterView view) {
        this.view = view;
    }

    static MetricsText of(
            ClusterView view, boolean leads, ChangeCounts changes, PhaseWatch phases) {
        ControlMetrics metrics = new ControlMetrics(view);
        metrics.process(leads, changes);
        metrics.pools();
        metrics.phases(phases);
        metrics.members();
        return metrics.text;
    }

    private void process(boolean leads, ChangeCounts changes) {
        text.gauge("sluice_control_leader", "1 while this process advances changes.")
                .sample(Map.of(), leads ? 1 : 0)
                .gauge(
                        "sluice_control_session",
                        "ZooKeeper: 2 all was read since the last connect, 1 connected, 0 not.")
                .sample(Map.of(), view.current() ? 2 : view.connected() ? 1 : 0)
                .counter(
                        "sluice_control_changes_total",
                        "Changes that this process was asked for, by what became of them.")
                .samples("outcome", changes.read())
                .gauge("sluice_control_problems", "What is wrong now: see sluice status.")
                .sample(Map.of(), view.problems().size())
                .gauge("sluice_control_config_revision", "The active configuration; 0: none.")
                .sample(Map.of(), view.active().map(ConfigRevision::number).orElse(0L));
    }

    private void pools() {
        text.gauge("sluice_control_pool_generation", "Version of a pool's state.");
        states(state -> state.generation());
        text.gauge("sluice_control_pool_epochs", "Views that may own connections; 1: steady.");
        states(state -> state.live().size());
        text.gauge("sluice_control_queue_length", "Changes that wait their turn.");
        view.pools()
                .keySet()
                .forEach(pool ->
                        text.sample(
                                pool(pool),
                                Optional.ofNullable(view.queues().get(pool))
                                        .map(queue -> queue.changes().size())
                                        .orElse(0)));
        text.gauge("sluice_control_pool_phase", "1 for the phase that a pool is in.");
        states(PoolPhase.POOL_PHASE_PREPARING);
        states(PoolPhase.POOL_PHASE_SETTLING);
        text.gauge("sluice_control_pool_proxies", "Proxies by state.");
        view.pools().forEach((pool, known) -> proxies(pool, known.state()));
    }

    private void states(ToLongFunction<PoolState> value) {
        view.pools()
                .forEach(
                        (pool, known) -> text.sample(pool(pool), value.applyAsLong(known.state())));
    }

    private void states(PoolPhase phase) {
        view.pools()
                .forEach((pool, known) ->
                        text.sample(
                                Map.of("pool", pool, "phase", word(phase)),
                                StatusReport.phase(known.state()) == phase ? 1 : 0));
    }

    private void proxies(String pool, PoolState state) {
        for (Proxy.State one : Proxy.State.values()) {
            text.sample(
                    Map.of("pool", pool, "state", one.name().toLowerCase(Locale.ROOT)),
                    state.proxies().stream().filter(proxy -> proxy.state() == one).count());
        }
    }

    private void phases(PhaseWatch phases) {
        text.histogram(
                "sluice_control_phase_seconds",
                "How long changes took for a phase, as this process saw it begin and end.");
        phases.read()
                .forEach((phase, durations) ->
                        text.distribution(
                                Map.of("phase", word(phase)),
                                durations.bounds(),
                                durations.counts(),
                                durations.sumSeconds()));
    }

    private void members() {
        long directors = view.directors().values().stream().filter(d -> !d.withdrawn()).count();
        long absent =
                view.directors().values().stream()
                        .filter(d -> !d.withdrawn() && !view.directorMembers().containsKey(d.id()))
                        .map(DirectorRecord::id)
                        .count();
        text.gauge(
                        "sluice_control_members",
                        "Processes with a session, and directors that should have one.")
                .sample(
                        Map.of("tier", "director", "state", "present"),
                        view.directorMembers().size())
                .sample(Map.of("tier", "director", "state", "absent"), absent)
                .sample(
                        Map.of("tier", "director", "state", "withdrawn"),
                        view.directors().size() - directors)
                .sample(Map.of("tier", "proxy", "state", "present"), view.proxyMembers().size());
    }

    private static String word(PoolPhase phase) {
        return phase.name().substring("POOL_PHASE_".length()).toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> pool(String name) {
        return Map.of("pool", name);
    }
}
