package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy.Mark;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Advance.Wait;
import dev.sluice.cluster.transition.Advance.Write;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The next step of a pool's open changes: COMMIT, CLOSE, SETTLE, DEADLINE (PROTOCOL rules 7, 9,
 * 10).
 *
 * <p>Every answer follows from the state and monotone facts alone, so a controller may die between
 * any two writes and another one goes on.
 */
public final class Transitions {
    private Transitions() {}

    /** As {@link #advance(ChainTable, PoolState, Facts, long)}, for a single question. */
    public static Advance advance(PoolState state, Facts facts, long nowUnixMs) {
        return advance(new ChainTable(), state, facts, nowUnixMs);
    }

    /**
     * The one write that is due, or what it waits for.
     *
     * @param tables of this pool, kept by callers who ask again and again from one thread
     * @param nowUnixMs wall clock
     */
    public static Advance advance(ChainTable tables, PoolState state, Facts facts, long nowUnixMs) {
        List<Hold> holds = new ArrayList<>();
        Optional<Write> step =
                disprove(state, facts)
                        .or(() -> commit(state, facts, nowUnixMs, holds))
                        .or(() -> Rehashing.advance(state, facts, nowUnixMs, holds))
                        .or(() -> close(state, facts, holds))
                        .or(() -> settle(tables, state, facts, holds))
                        .or(() -> expire(state, nowUnixMs));
        return step.<Advance>map(s -> s).orElseGet(() -> new Wait(holds));
    }

    /** What keeps the pending epoch from its commit and each older one from being dropped. */
    public static List<Hold> holds(
            ChainTable tables, PoolState state, Facts facts, long nowUnixMs) {
        List<Hold> holds = new ArrayList<>();
        commit(state, facts, nowUnixMs, holds);
        Rehashing.advance(state, facts, nowUnixMs, holds);
        state.settling().forEach(e -> holds.addAll(Settling.holds(tables, state, e, facts)));
        return holds;
    }

    /** Who has a session is not off, whatever was confirmed: from now on it is waited for. */
    private static Optional<Write> disprove(PoolState state, Facts facts) {
        return state.proxies().stream()
                .filter(p -> p.mark() == Mark.CONFIRMED_OFF)
                .filter(p -> facts.proxies().containsKey(p.id()))
                .findFirst()
                .map(p ->
                        new Write(
                                ProxyStates.next(
                                        state, Registry.withMark(state, p.id(), Mark.NONE)),
                                p.id() + " has a session: it is not off"));
    }

    private static Optional<Write> commit(
            PoolState state, Facts facts, long nowUnixMs, List<Hold> holds) {
        if (state.pending().isEmpty()) {
            return Optional.empty();
        }
        Epoch pending = state.pending().get();
        CaughtUp prepared = Start.isPrepared(state, pending, facts, nowUnixMs);
        if (!prepared.holds()) {
            prepared.laggards().forEach(l -> holds.add(l.holding(pending.id(), "commit waits: ")));
            return Optional.empty();
        }
        return write(
                state,
                Commit.live(state, pending, nowUnixMs),
                Optional.empty(),
                "epoch " + pending.id() + " committed");
    }

    /**
     * GLB's wire: all directors forward by the commit, so from the next generation reports count.
     */
    private static Optional<Write> close(PoolState state, Facts facts, List<Hold> holds) {
        if (!awaitsClose(state)) {
            return Optional.empty();
        }
        Epoch newest = state.newest();
        CaughtUp known = Settling.everyDirector(state, facts);
        if (!known.holds()) {
            known.laggards().forEach(l -> holds.add(l.holding(newest.id(), "close waits: ")));
            return Optional.empty();
        }
        List<Epoch> live = new ArrayList<>(state.live());
        live.set(0, newest.closed(state.generation() + 1));
        return write(state, live, state.pending(), "epoch " + newest.id() + " closed");
    }

    private static boolean awaitsClose(PoolState state) {
        return state.spec().wire() == Wire.GLB
                && !state.settling().isEmpty()
                && state.newest().closeGeneration() == 0;
    }

    /** Drops the oldest epoch that nobody can still need; one a write. */
    private static Optional<Write> settle(
            ChainTable tables, PoolState state, Facts facts, List<Hold> holds) {
        if (awaitsClose(state)) {
            return Optional.empty();
        }
        for (Epoch epoch : state.settling().reversed()) {
            List<Hold> held = Settling.holds(tables, state, epoch, facts);
            if (held.isEmpty()) {
                List<Epoch> live = new ArrayList<>(state.live());
                live.remove(epoch);
                return write(state, live, state.pending(), "epoch " + epoch.id() + " settled");
            }
            held.forEach(h -> holds.add(h.telling("epoch " + epoch.id() + " settles: ")));
        }
        return Optional.empty();
    }

    /** Marks an older epoch whose deadline has passed; proxies then reset what only it owns. */
    private static Optional<Write> expire(PoolState state, long nowUnixMs) {
        for (int i = 1; i < state.live().size(); i++) {
            Epoch epoch = state.live().get(i);
            if (isDue(epoch, nowUnixMs)) {
                List<Epoch> live = new ArrayList<>(state.live());
                live.set(i, epoch.pastDeadline());
                return write(
                        state,
                        live,
                        state.pending(),
                        "deadline of epoch " + epoch.id() + " passed: its flows are reset");
            }
        }
        return Optional.empty();
    }

    private static boolean isDue(Epoch epoch, long nowUnixMs) {
        return !epoch.expired()
                && epoch.deadlineUnixMs() != 0
                && nowUnixMs >= epoch.deadlineUnixMs();
    }

    private static Optional<Write> write(
            PoolState state, List<Epoch> live, Optional<Epoch> pending, String why) {
        return Optional.of(
                new Write(ProxyStates.next(state, live, pending, state.nextEpochId()), why));
    }
}
