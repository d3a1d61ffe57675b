package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.ProxyFacts;
import dev.sluice.cluster.transition.Safety;
import dev.sluice.cluster.transition.Transitions;
import dev.sluice.simulation.SmallNodes.Director;
import dev.sluice.simulation.SmallNodes.Proxy;
import dev.sluice.simulation.SmallStates.State;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The leader and the operator of a {@link SmallWorld}. What a controller knows of the nodes is
 * little, so few questions are new, and an answer is kept.
 */
final class SmallControl {
    /** Instead of a change: what is due. */
    static final int LEADER = -1;

    private static final long PATIENCE_OVER_MS = 10_000;

    private final SmallScript script;
    private final SmallNodes nodes;
    private final SmallStates states;
    private final Interner<List<Object>> facts = new Interner<>();
    private final Map<Integer, Integer> known = new HashMap<>();
    private final Map<List<Integer>, Optional<PoolState>> decided = new HashMap<>();

    SmallControl(SmallScript script, SmallNodes nodes, SmallStates states) {
        this.script = script;
        this.nodes = nodes;
        this.states = states;
    }

    /**
     * What is written, if anything is.
     *
     * @param change index of one that is asked for, or {@link #LEADER}
     */
    Optional<PoolState> decide(State state, int change) {
        List<Integer> asked = new ArrayList<>();
        asked.add(change);
        asked.add(states.poolNumber(state));
        for (int i = 0; i < script.directors(); i++) {
            asked.add(known.computeIfAbsent(states.directorNumber(state, i), this::onRecord));
        }
        for (int i = 0; i < SmallScript.PROXIES; i++) {
            asked.add(known.computeIfAbsent(states.proxyNumber(state, i), this::onRecord));
        }
        return decided.computeIfAbsent(
                asked, a -> change == LEADER ? due(state) : accepted(state, change));
    }

    private int onRecord(int node) {
        return facts.number(
                switch (states.node(node)) {
                    case Director director -> List.of(director.acknowledged());
                    case Proxy proxy ->
                            List.of(
                                    proxy.process().incarnation(),
                                    proxy.process().persisted(),
                                    proxy.report());
                    default -> throw new IllegalStateException("no node");
                });
    }

    private Optional<PoolState> due(State state) {
        PoolState pool = states.pool(state);
        Facts told = told(state, Guard.COMMIT_CAUGHT_UP);
        Advance advance = Transitions.advance(nodes.tables(), pool, told, PATIENCE_OVER_MS);
        return advance instanceof Advance.Write write
                ? Optional.of(write.next())
                : Optional.empty();
    }

    private Optional<PoolState> accepted(State state, int change) {
        PoolState pool = states.pool(state);
        Change asked = script.changes().get(change);
        Facts told = told(state, Guard.START_CAUGHT_UP);
        Decision decision = Safety.check(nodes.tables(), pool, told, asked, 0);
        return decision instanceof Decision.Accepted accepted
                ? Optional.of(accepted.next())
                : Optional.empty();
    }

    private Facts told(State state, Guard guard) {
        Facts told = facts(state);
        return script.off().contains(guard)
                ? DoctoredFacts.allCaughtUp(states.pool(state), told)
                : told;
    }

    private Facts facts(State state) {
        Map<String, DirectorFacts> ofDirectors = new TreeMap<>();
        for (int i = 0; i < script.directors(); i++) {
            long acknowledged = states.director(state, i).acknowledged();
            ofDirectors.put("d" + i, new DirectorFacts(acknowledged, false, true, Set.of()));
        }
        Map<String, ProxyFacts> running = new TreeMap<>();
        Map<String, Facts.OwnedReport> reports = new TreeMap<>();
        for (int i = 0; i < SmallScript.PROXIES; i++) {
            Proxy proxy = states.proxy(state, i);
            String id = SmallScript.id(i);
            long installed = proxy.process().persisted().getOrDefault(Paths.POOL_NAME, 0L);
            running.put(id, new ProxyFacts(proxy.process().incarnation(), installed, 0));
            proxy.report().ifPresent(report -> reports.put(id, report));
        }
        return new Facts(ofDirectors, running, reports);
    }
}
