package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Advance.Wait;
import dev.sluice.cluster.transition.Advance.Write;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The next step of a pool's open changes: COMMIT, SETTLE, DEADLINE (PROTOCOL rules 7, 9, 10).
 *
 * <p>Every answer follows from the state and monotone facts alone, so a controller may die between
 * any two writes and another one goes on.
 */
public final class Transitions {
    private Transitions() {}

    /**
     * The one write that is due, or what it waits for.
     *
     * @param nowUnixMs wall clock
     */
    public static Advance advance(PoolState state, Facts facts, long nowUnixMs) {
        List<String> reasons = new ArrayList<>();
        Optional<Write> step =
                commit(state, facts, nowUnixMs, reasons)
                        .or(() -> settle(state, facts, reasons))
                        .or(() -> expire(state, nowUnixMs));
        return step.<Advance>map(s -> s).orElseGet(() -> new Wait(reasons));
    }

    private static Optional<Write> commit(
            PoolState state, Facts facts, long nowUnixMs, List<String> reasons) {
        if (state.pending().isEmpty()) {
            return Optional.empty();
        }
        Epoch pending = state.pending().get();
        long prepared = pending.prepareGeneration();
        CaughtUp caughtUp =
                CaughtUp.of(
                        state,
                        facts,
                        new CaughtUp.Question(prepared, prepared, pending.phaseStartUnixMs()),
                        nowUnixMs);
        if (!caughtUp.holds()) {
            caughtUp.laggards().forEach(l -> reasons.add("commit waits: " + l));
            return Optional.empty();
        }
        List<Epoch> live = new ArrayList<>();
        live.add(pending.committed(state.generation() + 1, nowUnixMs));
        live.addAll(state.live());
        return write(state, live, Optional.empty(), "epoch " + pending.id() + " committed");
    }

    /** Drops the oldest epoch that nobody can still need; one a write. */
    private static Optional<Write> settle(PoolState state, Facts facts, List<String> reasons) {
        for (Epoch epoch : state.settling().reversed()) {
            List<String> held = Settling.heldBy(state, epoch, facts);
            if (held.isEmpty()) {
                List<Epoch> live = new ArrayList<>(state.live());
                live.remove(epoch);
                return write(state, live, state.pending(), "epoch " + epoch.id() + " settled");
            }
            held.forEach(h -> reasons.add("epoch " + epoch.id() + " settles: " + h));
        }
        return Optional.empty();
    }

    /** Marks a live epoch whose deadline has passed; proxies then reset what it displaced. */
    private static Optional<Write> expire(PoolState state, long nowUnixMs) {
        for (int i = 0; i < state.live().size() - 1; i++) {
            Epoch epoch = state.live().get(i);
            if (isDue(epoch, nowUnixMs)) {
                List<Epoch> live = new ArrayList<>(state.live());
                live.set(i, epoch.pastDeadline());
                return write(
                        state,
                        live,
                        state.pending(),
                        "deadline of epoch " + epoch.id() + " passed: displaced flows are reset");
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
