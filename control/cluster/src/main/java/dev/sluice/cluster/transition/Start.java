package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.CaughtUp.Question;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * START (PROTOCOL rule 6): no change is being prepared, the last commit is known, the new chains
 * fit. What it writes is PREPARE, or at once COMMIT if every chain has the new view's hops already.
 */
final class Start {
    /** A pool holds no more live epochs, whatever its chains say. */
    static final int MAX_LIVE = 8;

    private Start() {}

    static Decision of(
            ChainTable tables, PoolState state, Facts facts, Draft draft, long nowUnixMs) {
        PoolState next = prepare(state, draft, nowUnixMs);
        Optional<Refused> refused =
                notNow(tables, state, facts, nowUnixMs)
                        .or(() -> tooLong(tables, state, facts, next, draft))
                        .or(() -> pushedOut(tables, state, facts, next));
        return refused.isPresent()
                ? refused.get()
                : accepted(tables, state, facts, draft, Risk.NONE, nowUnixMs);
    }

    /** What stands against any change of the view. */
    static Optional<Refused> notNow(
            ChainTable tables, PoolState state, Facts facts, long nowUnixMs) {
        return Rehashing.underWay(state)
                .or(() -> preparing(state, facts, nowUnixMs))
                .or(() -> unknownCommit(state, facts, nowUnixMs))
                .or(() -> tooManyEpochs(tables, state, facts));
    }

    private static Optional<Refused> preparing(PoolState state, Facts facts, long nowUnixMs) {
        if (state.pending().isEmpty()) {
            return Optional.empty();
        }
        CaughtUp prepared = isPrepared(state, state.pending().get(), facts, nowUnixMs);
        return Optional.of(
                Refused.notNow(
                                "pool " + state.name() + " is preparing another change",
                                "wait for its commit, queue this one (--queue), or give it up"
                                        + " with 'sluice abort'")
                        .heldBy(prepared.ids())
                        .until(prepared.fromUnixMs()));
    }

    /** Whether a pending epoch may be committed. */
    static CaughtUp isPrepared(PoolState state, Epoch pending, Facts facts, long nowUnixMs) {
        return CaughtUp.of(
                state,
                facts,
                Question.of(pending.prepareGeneration(), pending.phaseStartUnixMs()),
                nowUnixMs);
    }

    /** Either tier is enough at once: an operator waits here, and PREPARE waits for both. */
    static CaughtUp knownCommit(PoolState state, Facts facts, long nowUnixMs) {
        if (state.spec().wire() == Wire.GLB) {
            return Settling.everyDirector(state, facts);
        }
        return CaughtUp.of(
                state,
                facts,
                new Question(
                        state.newest().commitGeneration(), state.generation(), Question.LONG_AGO),
                nowUnixMs);
    }

    private static Optional<Refused> unknownCommit(PoolState state, Facts facts, long nowUnixMs) {
        CaughtUp caughtUp = knownCommit(state, facts, nowUnixMs);
        return caughtUp.holds()
                ? Optional.empty()
                : Optional.of(
                        Refused.notNow(
                                        "not everyone knows the last change of pool "
                                                + state.name()
                                                + ": "
                                                + String.join("; ", caughtUp.texts()),
                                        "wait for them, bring them back, or say of one that is"
                                                + " gone for good ('sluice directors remove ID',"
                                                + " 'sluice confirm-off PROXY')")
                                .heldBy(caughtUp.ids()));
    }

    private static Optional<Refused> tooManyEpochs(
            ChainTable tables, PoolState state, Facts facts) {
        if (takesOneMore(state)) {
            return Optional.empty();
        }
        boolean glb = state.spec().wire() == Wire.GLB;
        return Optional.of(
                Waits.forDropped(
                        tables,
                        state,
                        facts,
                        glb ? state.settling() : List.of(state.live().getLast()),
                        glb
                                ? "without stamps on the wire pool "
                                        + state.name()
                                        + " takes one change at a time"
                                : "pool " + state.name() + " has " + MAX_LIVE + " live epochs"));
    }

    /** Without stamps on the wire there is one operation at a time. */
    private static boolean takesOneMore(PoolState state) {
        return state.spec().wire() == Wire.GLB
                ? state.settling().isEmpty()
                : state.live().size() < MAX_LIVE;
    }

    private static Optional<Refused> tooLong(
            ChainTable tables, PoolState state, Facts facts, PoolState next, Draft draft) {
        RowSet overfull = tables.overfullRows(next);
        if (overfull.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                Waits.forDropped(
                        tables,
                        state,
                        facts,
                        oldestUntilFits(tables, state, draft),
                        overfull.size()
                                + " rows of pool "
                                + state.name()
                                + " would need more than "
                                + PoolState.MAX_HOPS
                                + " hops",
                        overfull));
    }

    /** The oldest epochs, oldest first, without which the new one fits. */
    static List<Epoch> oldestUntilFits(ChainTable tables, PoolState state, Draft draft) {
        List<Epoch> dropped = new ArrayList<>();
        PoolState shorter = state;
        while (!shorter.settling().isEmpty() && !fits(tables, shorter, draft)) {
            dropped.add(shorter.live().getLast());
            shorter =
                    shorter.withEpochs(
                            shorter.live().subList(0, shorter.live().size() - 1), Optional.empty());
        }
        return dropped;
    }

    private static boolean fits(ChainTable tables, PoolState state, Draft draft) {
        return takesOneMore(state) && tables.overfullRows(prepare(state, draft, 0)).isEmpty();
    }

    /**
     * Without stamps a chain has two hops, and a new owner may push the second one out: only where
     * it holds no flow that a demotion brought it (C6b).
     */
    private static Optional<Refused> pushedOut(
            ChainTable tables, PoolState state, Facts facts, PoolState next) {
        if (state.spec().wire() != Wire.GLB) {
            return Optional.empty();
        }
        List<Hold> holds =
                Settling.holders(state, state.newest(), facts, pushedOut(tables, state, next));
        return holds.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Refused.notNow(
                                        "hops would be pushed out of chains of pool "
                                                + state.name()
                                                + ": "
                                                + String.join(
                                                        "; ",
                                                        holds.stream().map(Hold::text).toList()),
                                        "wait until those connections have ended, or queue the"
                                                + " change (--queue)")
                                .heldBy(holds.stream().map(Hold::who).toList()));
    }

    /** The rows, by index of proxy, whose chains a proxy leaves with what is prepared. */
    static Map<Integer, RowSet> pushedOut(ChainTable tables, PoolState state, PoolState next) {
        return tables.build(state).leaving(tables.build(next));
    }

    static PoolState prepare(PoolState state, Draft draft, long nowUnixMs) {
        long id = state.nextEpochId();
        return ProxyStates.next(
                state,
                draft.proxies(),
                state.live(),
                Optional.of(pending(state, draft.view(), draft.deadlineUnixMs(), nowUnixMs)),
                id + 1);
    }

    /** For asking about chains: a state with a view prepared, of nobody's making. */
    static PoolState prepared(PoolState state, List<Member> view) {
        return state.withEpochs(state.live(), Optional.of(pending(state, view, 0, 0)));
    }

    private static Epoch pending(
            PoolState state, List<Member> view, long deadlineUnixMs, long nowUnixMs) {
        return new Epoch(
                state.nextEpochId(),
                view,
                0,
                state.generation() + 1,
                nowUnixMs,
                deadlineUnixMs,
                false);
    }

    /** Straight to COMMIT: everybody's chains name the new hops, so nothing is left to prepare. */
    private static PoolState commit(PoolState state, Draft draft, long nowUnixMs) {
        long id = state.nextEpochId();
        Epoch newest = new Epoch(id, draft.view(), 0, 0, nowUnixMs, draft.deadlineUnixMs(), false);
        return ProxyStates.next(
                state,
                draft.proxies(),
                Commit.live(state, newest, nowUnixMs),
                Optional.empty(),
                id + 1);
    }

    static Accepted accepted(
            ChainTable tables,
            PoolState state,
            Facts facts,
            Draft draft,
            Risk risk,
            long nowUnixMs) {
        if (draft.keepsTheView()) {
            return new Accepted(
                    ProxyStates.next(state, draft.proxies()), List.of(), draft.effect(), risk);
        }
        if (state.spec().wire() == Wire.GLB || !tables.covers(state, draft.view())) {
            return prepared(tables, state, facts, draft, risk, nowUnixMs);
        }
        PoolState next = commit(state, draft, nowUnixMs);
        return new Accepted(
                next,
                Phases.of(tables, next, facts),
                draft.effect()
                        + ": epoch "
                        + state.nextEpochId()
                        + " committed at once, every chain has its hops",
                risk);
    }

    static Accepted prepared(
            ChainTable tables,
            PoolState state,
            Facts facts,
            Draft draft,
            Risk risk,
            long nowUnixMs) {
        PoolState next = prepare(state, draft, nowUnixMs);
        return new Accepted(
                next,
                Phases.of(tables, next, facts),
                draft.effect() + ": epoch " + state.nextEpochId() + " prepared",
                risk);
    }
}
