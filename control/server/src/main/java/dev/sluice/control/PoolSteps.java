package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.table.ChainTable;
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
import java.util.stream.Collectors;

/**
 * What is next in one pool, by its {@link Agenda}, with what the audit log says of it. Decides
 * only; keeps the tables of the pool, and how long which votes have stood. Confined to one thread.
 */
final class PoolSteps {
    private final String controller;
    private final ChainTable tables = new ChainTable();
    private FailoverStep.Memory memory = FailoverStep.Memory.NONE;
    private Lagging lagging = Lagging.NOBODY;
    private String failoverRefusal = "";

    PoolSteps(String controller) {
        this.controller = controller;
    }

    /** What is next. */
    sealed interface Next {
        /**
         * A new state.
         *
         * @param queue what is left of it, if some of it begins
         */
        record Write(PoolState state, Optional<ChangeQueue> queue, AuditEvent event)
                implements Next {}

        /** A queued change that makes no sense any more is forgotten. */
        record Forget(ChangeQueue queue, AuditEvent event) implements Next {}

        /**
         * @param reasons who or what is waited for
         */
        record Wait(List<String> reasons) implements Next {}
    }

    /**
     * Takes in how the votes stand and who lags: to be called with every view, also by one that
     * does not lead.
     *
     * @param nanoTime of a clock that goes steadily
     * @return the failover that is due, or its end
     */
    Optional<Change> observe(PoolState state, Facts facts, long nowUnixMs, long nanoTime) {
        lagging = lagging.observed(state, facts, nowUnixMs);
        FailoverStep.Outcome outcome =
                FailoverStep.apply(memory, state, facts, nanoTime / 1_000_000);
        memory = outcome.memory();
        failoverRefusal = outcome.refusal().orElse("");
        return outcome.change().map(change -> change);
    }

    /** Why proxies that cannot be reached stay in the view; empty if there are none. */
    String failoverRefusal() {
        return failoverRefusal;
    }

    Lagging lagging() {
        return lagging;
    }

    /**
     * @param failover as {@link #observe} said
     */
    Next next(
            PoolState state,
            Facts facts,
            ChangeQueue queue,
            Optional<Change> failover,
            long nowUnixMs) {
        return switch (Agenda.next(tables, state, facts, queue, failover, nowUnixMs)) {
            case Agenda.Item.Step(Advance.Write write) -> advance(state, write, nowUnixMs);
            case Agenda.Item.Failover(Change change, Decision.Accepted accepted) ->
                    begin(state, change, accepted, nowUnixMs);
            case Agenda.Item.Begin(Queueing.Next.StartWrite start) ->
                    begin(state, start, nowUnixMs);
            case Agenda.Item.Forget(Queueing.Next.Drop drop) -> forget(state, drop, nowUnixMs);
            case Agenda.Item.Wait wait -> new Next.Wait(reasons(wait, failover));
        };
    }

    private static List<String> reasons(Agenda.Item.Wait wait, Optional<Change> failover) {
        List<String> reasons = new ArrayList<>(wait.open());
        wait.failover()
                .ifPresent(refused ->
                        reasons.add(
                                failover.map(ChangeSyntax::text).orElse("")
                                        + " waits: "
                                        + refused.reason()));
        wait.queued().forEach(reason -> reasons.add("queue waits: " + reason));
        return List.copyOf(reasons);
    }

    private Next advance(PoolState state, Advance.Write write, long nowUnixMs) {
        AuditEvent event =
                new AuditEvent(
                        nowUnixMs,
                        controller,
                        "advance",
                        state.name(),
                        write.why(),
                        write.next().generation());
        return new Next.Write(write.next(), Optional.empty(), event);
    }

    private Next begin(PoolState state, Change change, Decision.Accepted accepted, long nowUnixMs) {
        AuditEvent event =
                new AuditEvent(
                        nowUnixMs,
                        controller,
                        ChangeSyntax.action(change),
                        Events.subject(state.name(), change),
                        accepted.effect(),
                        accepted.next().generation());
        return new Next.Write(accepted.next(), Optional.empty(), event);
    }

    /** Under the names of those who queued it. */
    private static Next begin(PoolState state, Queueing.Next.StartWrite start, long nowUnixMs) {
        List<QueuedChange> taken = start.taken();
        AuditEvent event =
                new AuditEvent(
                        nowUnixMs,
                        joined(taken, QueuedChange::actor),
                        joined(taken, q -> ChangeSyntax.action(q.change())),
                        state.name() + "/" + joined(taken, q -> ChangeSyntax.subject(q.change())),
                        start.why() + ", queued as " + joined(taken, q -> Long.toString(q.id())),
                        start.state().generation());
        return new Next.Write(start.state(), Optional.of(start.queue()), event);
    }

    private static String joined(
            List<QueuedChange> taken, java.util.function.Function<QueuedChange, String> part) {
        return taken.stream().map(part).distinct().collect(Collectors.joining("+"));
    }

    private Next forget(PoolState state, Queueing.Next.Drop drop, long nowUnixMs) {
        QueuedChange entry = drop.change();
        AuditEvent event =
                new AuditEvent(
                        nowUnixMs,
                        controller,
                        "queue-drop",
                        Events.subject(state.name(), entry.change()),
                        entry.id()
                                + " of "
                                + entry.actor()
                                + " makes no sense any more: "
                                + drop.refused().reason(),
                        0);
        return new Next.Forget(drop.queue(), event);
    }
}
