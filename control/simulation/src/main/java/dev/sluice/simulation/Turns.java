package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Agenda;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.ChangeQueue.QueuedChange;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.FailoverStep;
import dev.sluice.cluster.transition.Queueing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a controller does next by its {@link Agenda}, told what a missing guard lets through. */
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
        Facts told = world.doctor().atTurn(state, facts);
        return switch (Agenda.next(world.tables(), state, told, queue, failover, nowUnixMs)) {
            case Agenda.Item.Step(Advance.Write(PoolState next, String why)) ->
                    new Next.Write(next, Optional.empty(), why, List.of());
            case Agenda.Item.Failover(Change change, Decision.Accepted accepted) ->
                    new Next.Write(
                            accepted.next(),
                            Optional.empty(),
                            "failover: " + accepted.effect(),
                            List.of(change));
            case Agenda.Item.Begin(Queueing.Next.StartWrite start) ->
                    new Next.Write(
                            start.state(),
                            Optional.of(start.queue()),
                            "from the queue: " + start.why(),
                            start.taken().stream().map(QueuedChange::change).toList());
            case Agenda.Item.Forget(Queueing.Next.Drop drop) ->
                    new Next.Forget(drop.queue(), drop.refused().reason());
            case Agenda.Item.Wait wait -> new Next.Wait(reasons(wait));
        };
    }

    private static List<String> reasons(Agenda.Item.Wait wait) {
        List<String> reasons = new ArrayList<>(wait.open());
        wait.failover().ifPresent(refused -> reasons.add(refused.reason()));
        reasons.addAll(wait.queued());
        return List.copyOf(reasons);
    }
}
