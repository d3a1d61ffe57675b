package dev.sluice.simulation;

import dev.sluice.cluster.agent.DirectorEffect;
import dev.sluice.cluster.agent.DirectorObservation;
import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.agent.DirectorStep;
import dev.sluice.cluster.agent.DisplacedRows;
import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.agent.ProxyHostEffect;
import dev.sluice.cluster.agent.ProxyHostObservation;
import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.agent.ProxyHostStep;
import dev.sluice.cluster.agent.Step;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.LocalDemotion;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Directors and proxy hosts of a {@link SmallWorld} as values: each function is one step of such a
 * node up to its next rest, by the production step functions.
 */
final class SmallNodes {
    private static final HopHealth.Thresholds ONE_PROBE = new HopHealth.Thresholds(1, 1);

    private final FlowKey flow;
    private final ChainTable tables = new ChainTable();
    private final Map<PoolState, ForwardingTable> built = new HashMap<>();

    /**
     * @param flow the only one there is
     */
    SmallNodes(FlowKey flow) {
        this.flow = flow;
    }

    /** What the kernel has for the flow. */
    enum Socket {
        NONE,
        REQUEST,
        ESTABLISHED
    }

    /**
     * @param forwards the state whose table is in the kernel, {@code away} behind the others
     * @param acknowledged on record
     */
    record Director(
            DirectorState process,
            Optional<PoolState> forwards,
            Set<String> away,
            long acknowledged,
            boolean announces) {}

    /**
     * @param works the state whose table is in the kernel
     * @param report on record
     */
    record Proxy(
            ProxyHostState process,
            Optional<PoolState> works,
            Optional<OwnedReport> report,
            Socket socket) {
        Proxy with(Socket next) {
            return new Proxy(process, works, report, next);
        }
    }

    ChainTable tables() {
        return tables;
    }

    ForwardingTable table(PoolState state) {
        return built.computeIfAbsent(state, tables::build);
    }

    ForwardingTable table(Director director) {
        ForwardingTable table = table(director.forwards().orElseThrow());
        return LocalDemotion.apply(
                table, hop -> !director.away().contains(table.proxies().get(hop).id()));
    }

    /** A director that starts with a snapshot and has not read anything. */
    Director startedDirector(PoolState snapshot, long acknowledged) {
        Director off =
                new Director(
                        DirectorState.initial(ONE_PROBE, 0),
                        Optional.empty(),
                        Set.of(),
                        acknowledged,
                        false);
        return on(off, new DirectorObservation.Started(List.of(snapshot), Map.of()));
    }

    /** Reads the newest state, installs, acknowledges; the first time it announces, too. */
    Director read(Director director, PoolState newest) {
        Director informed = on(director, new DirectorObservation.PoolRead(newest));
        return director.process().fresh()
                ? informed
                : on(informed, new DirectorObservation.Reread());
    }

    Director probed(Director director, String proxy, boolean success) {
        return on(director, new DirectorObservation.HopProbed(proxy, success, "probe"));
    }

    private Director on(Director director, DirectorObservation first) {
        Deque<DirectorObservation> queue = new ArrayDeque<>(List.of(first));
        Director now = director;
        while (!queue.isEmpty()) {
            Step<DirectorState, DirectorEffect> step =
                    DirectorStep.apply(now.process(), queue.remove(), 0);
            now =
                    new Director(
                            step.state(),
                            now.forwards(),
                            now.away(),
                            now.acknowledged(),
                            now.announces());
            for (DirectorEffect effect : step.effects()) {
                now = carryOut(now, effect, queue);
            }
        }
        return now;
    }

    private static Director carryOut(
            Director now, DirectorEffect effect, Deque<DirectorObservation> results) {
        return switch (effect) {
            case DirectorEffect.Install(PoolState state, Set<String> demoted) -> {
                results.add(
                        new DirectorObservation.Installed(
                                state.name(), state.generation(), demoted));
                yield new Director(
                        now.process(),
                        Optional.of(state),
                        demoted,
                        now.acknowledged(),
                        now.announces());
            }
            case DirectorEffect.Acknowledge(Map<String, Long> generations) -> {
                results.add(new DirectorObservation.Acknowledged(generations));
                long known = generations.values().iterator().next();
                yield new Director(
                        now.process(), now.forwards(), now.away(), known, now.announces());
            }
            case DirectorEffect.Announce ignored ->
                    new Director(
                            now.process(), now.forwards(), now.away(), now.acknowledged(), true);
            default -> now;
        };
    }

    Proxy startedProxy(String id, int incarnation, PoolState snapshot, Proxy before) {
        Map<String, Long> inKernel =
                before.works().map(s -> Map.of(s.name(), s.generation())).orElse(Map.of());
        Proxy fresh =
                new Proxy(
                        ProxyHostState.initial(id, id + "#" + incarnation),
                        before.works(),
                        before.report(),
                        Socket.NONE);
        return on(fresh, new ProxyHostObservation.Started(List.of(snapshot), inKernel), 0);
    }

    static Proxy off(String id) {
        return new Proxy(
                ProxyHostState.initial(id, id + "#0"),
                Optional.empty(),
                Optional.empty(),
                Socket.NONE);
    }

    /** Reads the newest state, installs, persists, tells. */
    Proxy read(Proxy proxy, PoolState newest) {
        Proxy informed = on(proxy, new ProxyHostObservation.PoolRead(newest), 0);
        return proxy.process().fresh()
                ? informed
                : on(informed, new ProxyHostObservation.Reread(), 0);
    }

    /** The second after an install is over: reads the sockets and reports. */
    Proxy scan(Proxy proxy) {
        return on(proxy, new ProxyHostObservation.Tick(), ProxyHostStep.SCAN_DELAY_NANOS);
    }

    private Proxy on(Proxy proxy, ProxyHostObservation first, long nowNanos) {
        Deque<ProxyHostObservation> queue = new ArrayDeque<>(List.of(first));
        Proxy now = proxy;
        long at = nowNanos;
        while (!queue.isEmpty()) {
            Step<ProxyHostState, ProxyHostEffect> step =
                    ProxyHostStep.apply(now.process(), queue.remove(), at);
            now = new Proxy(step.state(), now.works(), now.report(), now.socket());
            for (ProxyHostEffect effect : step.effects()) {
                now = carryOut(now, effect, queue);
            }
            // What comes of it is of no later time: equal states have equal times.
            at = 0;
        }
        return now;
    }

    private Proxy carryOut(Proxy now, ProxyHostEffect effect, Deque<ProxyHostObservation> results) {
        return switch (effect) {
            case ProxyHostEffect.Install(PoolState state) -> {
                results.add(new ProxyHostObservation.Installed(state.name(), state.generation()));
                yield new Proxy(now.process(), Optional.of(state), now.report(), now.socket());
            }
            case ProxyHostEffect.Persist(PoolState state) -> {
                results.add(new ProxyHostObservation.Persisted(state.name(), state.generation()));
                yield now;
            }
            case ProxyHostEffect.Scan(String pool, long generation) -> {
                List<FlowKey> flows = now.socket() == Socket.NONE ? List.of() : List.of(flow);
                DisplacedRows rows =
                        DisplacedRows.of(
                                table(now.works().orElseThrow()),
                                now.process().self(),
                                flows,
                                false);
                results.add(new ProxyHostObservation.Scanned(pool, generation, rows));
                yield now;
            }
            case ProxyHostEffect.Report(String pool, OwnedReport report) ->
                    new Proxy(now.process(), now.works(), Optional.of(report), now.socket());
            default -> now;
        };
    }
}
