package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Change.Abort;
import dev.sluice.cluster.transition.Change.ConfirmOff;
import dev.sluice.cluster.transition.Change.Rehash;
import dev.sluice.cluster.transition.Change.Settle;
import dev.sluice.cluster.transition.Change.ViewChange;
import dev.sluice.cluster.transition.ChangeQueue.QueuedChange;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Kind;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes that wait their turn: first come, first served; as one epoch all of them if that is
 * acceptable, else as many as are with each of those before.
 */
public final class Queueing {
    private Queueing() {}

    /** What becomes of a queue now. */
    public sealed interface Next {
        /**
         * The first changes begin.
         *
         * @param state to be written in one transaction with {@code queue}
         * @param taken those that begin, as one epoch
         */
        record StartWrite(PoolState state, ChangeQueue queue, String why, List<QueuedChange> taken)
                implements Next {
            public StartWrite {
                taken = List.copyOf(taken);
            }
        }

        /** The first change makes no sense any more: only {@code queue} is to be written. */
        record Drop(QueuedChange change, ChangeQueue queue, Refused refused) implements Next {}

        /**
         * @param reasons what the first change waits for; empty if the queue is
         */
        record Wait(List<String> reasons) implements Next {
            public Wait {
                reasons = List.copyOf(reasons);
            }
        }
    }

    /** Whether a change may be queued. */
    public sealed interface Admission {
        /** To be written by compare-and-set over the queue that was asked about. */
        record Queued(ChangeQueue queue) implements Admission {}

        record NotQueued(Refused refused) implements Admission {}
    }

    /**
     * Queues a change, unless it would make no sense once all before it have had their turn.
     *
     * @param actor who asks, for the audit log
     */
    public static Admission append(
            PoolState state,
            Facts facts,
            ChangeQueue queue,
            Change change,
            String actor,
            long nowUnixMs) {
        Optional<Refused> refused = senseless(state, facts, queue, change);
        return refused.isPresent()
                ? new Admission.NotQueued(refused.get())
                : new Admission.Queued(queue.append(change, actor, nowUnixMs));
    }

    private static Optional<Refused> senseless(
            PoolState state, Facts facts, ChangeQueue queue, Change change) {
        if (change instanceof Abort
                || change instanceof Settle
                || change instanceof ConfirmOff
                || change instanceof Rehash) {
            return Optional.of(
                    Refused.wrong(
                            "this is done at once or not at all, never queued",
                            "repeat it without --queue"));
        }
        if (queue.isFull()) {
            return Optional.of(
                    Refused.notNow(
                            "the queue of pool "
                                    + state.name()
                                    + " is full: "
                                    + ChangeQueue.MAX_CHANGES
                                    + " changes wait",
                            "cancel some, or wait"));
        }
        PoolState imagined = imagined(state, state.pending().orElseGet(state::newest));
        for (QueuedChange queued : queue.changes()) {
            imagined = after(imagined, facts, queued.change());
        }
        return refusal(imagined, facts, change).filter(r -> r.kind() == Kind.WRONG);
    }

    /** As if one view were all there is. */
    private static PoolState imagined(PoolState state, Epoch view) {
        return state.withEpochs(List.of(view.committed(1, 0)), Optional.empty());
    }

    private static PoolState after(PoolState imagined, Facts facts, Change change) {
        if (change instanceof ViewChange view) {
            Draft draft = Draft.of(imagined, facts, 0);
            draft.imagine(view);
            PoolState next = Start.prepare(imagined, draft, 0);
            return imagined(next, next.pending().orElseThrow());
        }
        return Safety.check(imagined, facts, change, 0) instanceof Accepted accepted
                ? accepted.next()
                : imagined;
    }

    private static Optional<Refused> refusal(PoolState imagined, Facts facts, Change change) {
        if (change instanceof ViewChange view) {
            return Draft.of(imagined, facts, 0).apply(view);
        }
        return Safety.check(imagined, facts, change, 0) instanceof Refused refused
                ? Optional.of(refused)
                : Optional.empty();
    }

    /** As {@link #advance(ChainTable, PoolState, ChangeQueue, Facts, long)}, for one question. */
    public static Next advance(PoolState state, ChangeQueue queue, Facts facts, long nowUnixMs) {
        return advance(new ChainTable(), state, queue, facts, nowUnixMs);
    }

    /**
     * The next step of a pool's queue.
     *
     * @param tables of this pool, kept by callers who ask again and again from one thread
     */
    public static Next advance(
            ChainTable tables, PoolState state, ChangeQueue queue, Facts facts, long nowUnixMs) {
        if (queue.isEmpty()) {
            return new Next.Wait(List.of());
        }
        return queue.changes().getFirst().change() instanceof ViewChange
                ? startPrefix(tables, state, queue, facts, nowUnixMs)
                : startFirst(tables, state, queue, facts, nowUnixMs);
    }

    private static Next startFirst(
            ChainTable tables, PoolState state, ChangeQueue queue, Facts facts, long nowUnixMs) {
        Change first = queue.changes().getFirst().change();
        return switch (Safety.check(tables, state, facts, first, nowUnixMs)) {
            case Accepted accepted -> started(queue, 1, accepted);
            case Refused refused -> wait(queue, refused);
        };
    }

    private static Next startPrefix(
            ChainTable tables, PoolState state, ChangeQueue queue, Facts facts, long nowUnixMs) {
        List<ViewChange> views = prefix(state, queue, facts);
        int all = views.size();
        if (all < 2 || Start.notNow(tables, state, facts, nowUnixMs).isPresent()) {
            return startFirst(tables, state, queue, facts, nowUnixMs);
        }
        if (Safety.check(tables, state, facts, views, nowUnixMs) instanceof Accepted accepted) {
            return started(queue, all, accepted);
        }
        Next next = startFirst(tables, state, queue, facts, nowUnixMs);
        for (int count = 2; count < all && next instanceof Next.StartWrite; count++) {
            if (Safety.check(tables, state, facts, views.subList(0, count), nowUnixMs)
                    instanceof Accepted accepted) {
                next = started(queue, count, accepted);
            } else {
                break;
            }
        }
        return next;
    }

    /** The first changes of the view that share a deadline and make sense one after the other. */
    private static List<ViewChange> prefix(PoolState state, ChangeQueue queue, Facts facts) {
        List<ViewChange> views = new ArrayList<>();
        Draft draft = Draft.of(state, facts, 0);
        for (QueuedChange queued : queue.changes()) {
            if (!(queued.change() instanceof ViewChange view)
                    || !sharesDeadline(views, view)
                    || draft.apply(view).isPresent()) {
                break;
            }
            views.add(view);
        }
        return views;
    }

    private static boolean sharesDeadline(List<ViewChange> views, ViewChange view) {
        return views.isEmpty() || views.getFirst().deadlineUnixMs() == view.deadlineUnixMs();
    }

    private static Next started(ChangeQueue queue, int count, Accepted accepted) {
        return new Next.StartWrite(
                accepted.next(),
                queue.afterFirst(count),
                accepted.effect(),
                queue.changes().subList(0, count));
    }

    private static Next wait(ChangeQueue queue, Refused refused) {
        return switch (refused.kind()) {
            case WRONG -> new Next.Drop(queue.changes().getFirst(), queue.afterFirst(1), refused);
            case NOT_NOW -> new Next.Wait(List.of(refused.reason()));
        };
    }
}
