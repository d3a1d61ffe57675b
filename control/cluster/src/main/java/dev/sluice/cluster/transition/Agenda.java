package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.List;
import java.util.Optional;

/**
 * What a controller does next in one pool: a step of the open change, a failover or its end, the
 * first of the queue. In this order, since a failover helps more than a change that waits.
 */
public final class Agenda {
    private Agenda() {}

    /** What is next. */
    public sealed interface Item {
        /** The open change goes on. */
        record Step(Advance.Write write) implements Item {}

        /** Proxies leave the view by the directors' votes, or come back. */
        record Failover(Change change, Accepted accepted) implements Item {}

        /** Changes of the queue begin. */
        record Begin(Queueing.Next.StartWrite start) implements Item {}

        /** A queued change makes no sense any more. */
        record Forget(Queueing.Next.Drop drop) implements Item {}

        /**
         * Nothing is due.
         *
         * @param open what the open change waits for
         * @param failover why the one that is due may not begin
         * @param queued what the first of the queue waits for
         */
        record Wait(List<String> open, Optional<Refused> failover, List<String> queued)
                implements Item {
            public Wait {
                open = List.copyOf(open);
                queued = List.copyOf(queued);
            }
        }
    }

    /**
     * @param tables of this pool, kept by callers who ask again and again from one thread
     * @param failover the change that the votes ask for, as {@link FailoverStep} said
     * @param nowUnixMs wall clock
     */
    public static Item next(
            ChainTable tables,
            PoolState state,
            Facts facts,
            ChangeQueue queue,
            Optional<? extends Change> failover,
            long nowUnixMs) {
        return switch (Transitions.advance(tables, state, facts, nowUnixMs)) {
            case Advance.Write write -> new Item.Step(write);
            case Advance.Wait open -> begin(tables, state, facts, queue, failover, open, nowUnixMs);
        };
    }

    private static Item begin(
            ChainTable tables,
            PoolState state,
            Facts facts,
            ChangeQueue queue,
            Optional<? extends Change> failover,
            Advance.Wait open,
            long nowUnixMs) {
        Optional<Refused> refused = Optional.empty();
        if (failover.isPresent()) {
            switch (Safety.check(tables, state, facts, failover.get(), nowUnixMs)) {
                case Accepted accepted -> {
                    return new Item.Failover(failover.get(), accepted);
                }
                case Refused not -> refused = Optional.of(not);
            }
        }
        return switch (Queueing.advance(tables, state, queue, facts, nowUnixMs)) {
            case Queueing.Next.StartWrite start -> new Item.Begin(start);
            case Queueing.Next.Drop drop -> new Item.Forget(drop);
            case Queueing.Next.Wait(List<String> queued) ->
                    new Item.Wait(open.reasons(), refused, queued);
        };
    }
}
