package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.ChangeQueue.QueuedChange;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.FailoverStep;
import dev.sluice.cluster.transition.Queueing;
import dev.sluice.cluster.transition.Safety;
import dev.sluice.cluster.transition.Transitions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a controller does next, asked of the production functions in the order in which a real one
 * asks: a step of the open change, a failover or its end, the first of the queue.
 */
final class Turns {
    private final World world;
    private FailoverStep.Memory memory = FailoverStep.Memory.NONE;

    Turns(World world) {
        this.world = world;
    }

    sealed interface Next {
        /**
         * @param queue what is left of it, if some of it begins
         * @param begun changes that begin by this
         */
        record Write(PoolState state, Optional<ChangeQueue> queue, String why, List<Change> begun)
                implements Next {}

        /** A queued change makes no sense any more. */
        record Forget(ChangeQueue queue, String why) implements Next {}

        record Wait(List<String> reasons) implements Next {}
    }

    /** A new process remembers no votes. */
    void forget() {
        memory = FailoverStep.Memory.NONE;
    }

    /** Takes in how the votes stand: with every view, also by one that does not lead. */
    Optional<Change> observe(PoolState state, Facts facts) {
        FailoverStep.Outcome outcome =
                FailoverStep.apply(memory, state, facts, world.nowNanos() / Nanos.MILLI);
        memory = outcome.memory();
        return outcome.change().map(change -> change);
    }

    Next next(
            PoolState state,
            Facts facts,
            ChangeQueue queue,
            Optional<Change> failover,
            long nowUnixMs) {
        List<String> reasons = new ArrayList<>();
        Facts advancing = world.doctor().atAdvance(state, facts);
        switch (Transitions.advance(world.tables(), state, advancing, nowUnixMs)) {
            case Advance.Write(PoolState next, String why) -> {
                return new Next.Write(next, Optional.empty(), why, List.of());
            }
            case Advance.Wait wait -> reasons.addAll(wait.reasons());
        }
        Facts starting = world.doctor().atStart(state, facts);
        if (failover.isPresent()) {
            switch (Safety.check(world.tables(), state, starting, failover.get(), nowUnixMs)) {
                case Decision.Accepted accepted -> {
                    return new Next.Write(
                            accepted.next(),
                            Optional.empty(),
                            "failover: " + accepted.effect(),
                            List.of(failover.get()));
                }
                case Decision.Refused refused -> reasons.add(refused.reason());
            }
        }
        return switch (Queueing.advance(world.tables(), state, queue, starting, nowUnixMs)) {
            case Queueing.Next.StartWrite start ->
                    new Next.Write(
                            start.state(),
                            Optional.of(start.queue()),
                            "from the queue: " + start.why(),
                            start.taken().stream().map(QueuedChange::change).toList());
            case Queueing.Next.Drop drop -> new Next.Forget(drop.queue(), drop.refused().reason());
            case Queueing.Next.Wait(List<String> waiting) -> {
                reasons.addAll(waiting);
                yield new Next.Wait(List.copyOf(reasons));
            }
        };
    }
}
