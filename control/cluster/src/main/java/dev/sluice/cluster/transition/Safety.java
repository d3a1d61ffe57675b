package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Change.Abort;
import dev.sluice.cluster.transition.Change.Add;
import dev.sluice.cluster.transition.Change.ConfirmOff;
import dev.sluice.cluster.transition.Change.Rehash;
import dev.sluice.cluster.transition.Change.Remove;
import dev.sluice.cluster.transition.Change.Settle;
import dev.sluice.cluster.transition.Change.ViewChange;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * May a change begin now? PROTOCOL rules 6, 8 and 11.
 *
 * <p>A change that could cut a live flow is refused with the reason and a way out, never begun. An
 * accepted one answers the state to write: its PREPARE, or all there is to it. A change that makes
 * no sense is told so before anything that time could heal.
 *
 * <p>All functions take the tables to work with, for callers who ask about one pool again and again
 * from one thread; {@code new ChainTable()} does for a single question.
 */
public final class Safety {
    private Safety() {}

    /** As {@link #check(ChainTable, PoolState, Facts, Change, long)}, for a single question. */
    public static Decision check(PoolState state, Facts facts, Change change, long nowUnixMs) {
        return check(new ChainTable(), state, facts, change, nowUnixMs);
    }

    /**
     * Checks a change against a state and the facts that were read with it.
     *
     * @param nowUnixMs wall clock: stamps phases and bounds waits, decides nothing else
     */
    public static Decision check(
            ChainTable tables, PoolState state, Facts facts, Change change, long nowUnixMs) {
        return switch (change) {
            case ViewChange view -> check(tables, state, facts, List.of(view), nowUnixMs);
            case Add add -> Registry.add(state, add);
            case Remove(String proxy) -> Registry.remove(tables, state, facts, proxy);
            case ConfirmOff(String proxy) -> Registry.confirmOff(state, facts, proxy);
            case Settle(long epoch) -> settle(tables, state, facts, epoch, false);
            case Rehash(Set<HashField> fields) ->
                    Rehashing.start(tables, state, facts, fields, nowUnixMs);
            case Abort() -> abort(state);
        };
    }

    /**
     * Several changes as one epoch; they share a deadline.
     *
     * @param changes at least one
     */
    static Decision check(
            ChainTable tables,
            PoolState state,
            Facts facts,
            List<ViewChange> changes,
            long nowUnixMs) {
        Draft draft = Draft.of(state, facts, changes.getFirst().deadlineUnixMs());
        Optional<Refused> senseless = draft.applyAll(changes);
        if (senseless.isPresent()) {
            return senseless.get();
        }
        return draft.keepsTheView()
                ? Start.accepted(tables, state, facts, draft, Risk.NONE, nowUnixMs)
                : Start.of(tables, state, facts, draft, nowUnixMs);
    }

    /** As {@link #force(ChainTable, PoolState, Facts, Change, long)}, for a single question. */
    public static Decision force(PoolState state, Facts facts, Change change, long nowUnixMs) {
        return force(new ChainTable(), state, facts, change, nowUnixMs);
    }

    /**
     * As {@link #check}, but begins a change although the last commit is not known, gives up what
     * is being prepared, and drops old epochs that are still held. {@link Accepted#risk} tells what
     * that may cut. What makes no sense is refused all the same, and a chain is never truncated.
     */
    public static Decision force(
            ChainTable tables, PoolState state, Facts facts, Change change, long nowUnixMs) {
        Decision unforced = check(tables, state, facts, change, nowUnixMs);
        if (unforced instanceof Accepted) {
            return unforced;
        }
        return switch (change) {
            // Of two rows a flow, neither can be dropped unheard.
            case ViewChange view ->
                    state.spec().isMigrating()
                            ? unforced
                            : Force.start(tables, state, facts, view, nowUnixMs);
            case Rehash rehash -> unforced;
            case Settle(long epoch) -> settle(tables, state, facts, epoch, true);
            case Add add -> unforced;
            case Remove remove -> unforced;
            case ConfirmOff confirm -> unforced;
            case Abort abort -> unforced;
        };
    }

    private static Decision settle(
            ChainTable tables, PoolState state, Facts facts, long id, boolean forced) {
        Optional<Epoch> epoch = state.settling().stream().filter(e -> e.id() == id).findFirst();
        if (epoch.isEmpty()) {
            return Refused.wrong(
                    "epoch " + id + " of pool " + state.name() + " is not settling",
                    "'sluice epochs' shows those that are");
        }
        List<Epoch> dropped = List.of(epoch.get());
        if (!forced && !Settling.holds(tables, state, epoch.get(), facts).isEmpty()) {
            return Waits.forDropped(
                    tables, state, facts, dropped, "epoch " + id + " is still in use");
        }
        PoolState next =
                ProxyStates.next(
                        state,
                        state.live().stream().filter(e -> e.id() != id).toList(),
                        state.pending(),
                        state.nextEpochId());
        return new Accepted(
                next,
                List.of(),
                "epoch " + id + (forced ? " dropped by force" : " settled"),
                forced ? Force.risk(tables, state, dropped, facts) : Risk.NONE);
    }

    private static Decision abort(PoolState state) {
        return state.pending()
                .<Decision>map(pending ->
                        new Accepted(
                                ProxyStates.next(
                                        state, state.live(), Optional.empty(), state.nextEpochId()),
                                List.of(),
                                "epoch " + pending.id() + " given up",
                                Risk.NONE))
                .or(() -> Rehashing.abort(state))
                .orElseGet(() ->
                        Refused.wrong(
                                "pool " + state.name() + " is preparing no change",
                                "a committed change is taken back by its opposite: drain"
                                        + " or fill"));
    }
}
