package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a change that has just begun will wait for. */
final class Phases {
    private Phases() {}

    /**
     * @param begun the state with the new epoch pending, or newest if PREPARE was skipped
     */
    static List<Phase> of(ChainTable tables, PoolState begun, Facts facts) {
        boolean glb = begun.spec().wire() == Wire.GLB;
        List<String> directors = directors(facts);
        List<Phase> phases = new ArrayList<>();
        begun.pending().ifPresent(pending -> phases.add(prepare(begun, glb, directors, facts)));
        phases.add(
                new Phase(
                        Phase.Name.COMMIT, "every director to forward by the new view", directors));
        if (glb) {
            phases.add(
                    new Phase(
                            Phase.Name.CLOSE,
                            "every director to know that reports count from now on",
                            directors));
        }
        List<String> leaving = leaving(tables, begun);
        phases.add(
                new Phase(
                        Phase.Name.SETTLE,
                        leaving.isEmpty()
                                ? "nobody: no proxy leaves a chain"
                                : "connections to end on rows that their proxies leave",
                        leaving));
        return phases;
    }

    private static Phase prepare(
            PoolState begun, boolean glb, List<String> directors, Facts facts) {
        List<String> who = new ArrayList<>(directors);
        if (!glb) {
            begun.proxies().stream()
                    .filter(p -> !CaughtUp.isOff(p, facts))
                    .map(Proxy::id)
                    .forEach(who::add);
        }
        return new Phase(
                Phase.Name.PREPARE,
                glb
                        ? "every director to forward by generation " + begun.generation()
                        : "all directors and all proxies to know generation "
                                + begun.generation()
                                + ", after "
                                + CaughtUp.PATIENCE_MS / 1000
                                + " s all of one tier",
                who);
    }

    private static List<String> directors(Facts facts) {
        return facts.directors().entrySet().stream()
                .filter(d -> !d.getValue().withdrawn())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static List<String> leaving(ChainTable tables, PoolState begun) {
        PoolState committed = begun.pending().map(p -> withNewest(begun, p)).orElse(begun);
        Set<String> ids = new TreeSet<>();
        Settling.leaving(tables, committed, committed.settling())
                .keySet()
                .forEach(proxy -> ids.add(committed.proxies().get(proxy).id()));
        return List.copyOf(ids);
    }

    private static PoolState withNewest(PoolState begun, Epoch pending) {
        List<Epoch> live = new ArrayList<>();
        live.add(pending);
        live.addAll(begun.live());
        return begun.withEpochs(live, Optional.empty());
    }
}
