package dev.sluice.control;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.StoredRevision;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Risk;
import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.proto.admin.v1.AcceptedChange;
import dev.sluice.proto.admin.v1.ChangeReply;
import dev.sluice.proto.admin.v1.ConfigEntry;
import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.ListConfigsReply;
import dev.sluice.proto.admin.v1.PoolOutcome;
import dev.sluice.proto.admin.v1.QueuedChange;
import dev.sluice.proto.admin.v1.QueuedOutcome;
import dev.sluice.proto.admin.v1.Refusal;
import dev.sluice.proto.admin.v1.RefusalKind;
import dev.sluice.proto.admin.v1.ShowConfigReply;

import java.util.List;
import java.util.SortedMap;

/** What commands answer, as the admin API carries it. Pure. */
final class Replies {
    private Replies() {}

    static ChangeReply changes(SortedMap<String, Outcome> outcomes) {
        ChangeReply.Builder reply = ChangeReply.newBuilder();
        outcomes.forEach((pool, outcome) -> reply.addOutcomes(outcome(pool, outcome)));
        return reply.build();
    }

    private static PoolOutcome outcome(String pool, Outcome outcome) {
        PoolOutcome.Builder reply = PoolOutcome.newBuilder().setPool(pool);
        return switch (outcome) {
            case Outcome.Begun begun -> reply.setAccepted(accepted(pool, begun)).build();
            case Outcome.Queued queued -> reply.setQueued(queued(pool, queued)).build();
            case Outcome.Refused(Decision.Refused refused) ->
                    reply.setRefused(refusal(refused)).build();
            case Outcome.Withheld(String other) -> reply.setRefused(withheld(other)).build();
        };
    }

    private static AcceptedChange accepted(String pool, Outcome.Begun begun) {
        return AcceptedChange.newBuilder()
                .setPool(pool)
                .setGeneration(begun.state().generation())
                .setEpoch(begun.epoch())
                .setEffect(begun.effect())
                .setDeadlineUnixMs(begun.deadlineUnixMs())
                .setRisk(risk(begun.risk()))
                .build();
    }

    private static QueuedOutcome queued(String pool, Outcome.Queued queued) {
        return QueuedOutcome.newBuilder()
                .setPool(pool)
                .setId(queued.change().id())
                .setPosition(queued.position())
                .setReason(queued.reason())
                .setDeadlineUnixMs(ChangeSyntax.deadlineUnixMs(queued.change().change()))
                .build();
    }

    private static Refusal withheld(String other) {
        return Refusal.newBuilder()
                .setKind(RefusalKind.REFUSAL_KIND_WITHHELD)
                .setReason("not begun, since pool " + other + " refuses")
                .setWayOut("name the pools one by one with --pool")
                .build();
    }

    static Refusal refusal(Decision.Refused refused) {
        return Refusal.newBuilder()
                .setKind(
                        switch (refused.kind()) {
                            case NOT_NOW -> RefusalKind.REFUSAL_KIND_NOT_NOW;
                            case WRONG -> RefusalKind.REFUSAL_KIND_WRONG;
                        })
                .setReason(refused.reason())
                .setWayOut(refused.wayOut())
                .setRows(refused.rows().size())
                .addAllHolders(refused.proxies())
                .setEarliestUnixMs(refused.earliestUnixMs().orElse(0))
                .build();
    }

    static dev.sluice.proto.admin.v1.Risk risk(Risk risk) {
        return dev.sluice.proto.admin.v1.Risk.newBuilder()
                .setRows(risk.rows().size())
                .setConnections(risk.flows())
                .addAllUnknown(risk.unknown())
                .build();
    }

    static QueuedChange queued(ChangeQueue.QueuedChange queued) {
        return QueuedChange.newBuilder()
                .setId(queued.id())
                .setChange(ChangeSyntax.text(queued.change()))
                .setActor(queued.actor())
                .setQueuedUnixMs(queued.unixMs())
                .build();
    }

    static ListConfigsReply history(List<ConfigHistory.Listed> revisions) {
        return ListConfigsReply.newBuilder()
                .addAllRevisions(revisions.stream().map(Replies::entry).toList())
                .build();
    }

    private static ConfigEntry entry(ConfigHistory.Listed listed) {
        StoredRevision revision = listed.revision();
        return ConfigEntry.newBuilder()
                .setRevision(revision.number())
                .setOrigin(revision.origin())
                .setAppliedBy(revision.appliedBy())
                .setAppliedUnixMs(revision.appliedUnixMs())
                .setBytes(revision.source().bytes())
                .setActive(listed.active())
                .setBefore(listed.before())
                .build();
    }

    static ShowConfigReply shown(ConfigHistory.Shown shown) {
        return ShowConfigReply.newBuilder()
                .setRevision(shown.revision().number())
                .setSource(shown.revision().source())
                .setOrigin(shown.revision().origin())
                .setAppliedBy(shown.revision().appliedBy())
                .setAppliedUnixMs(shown.revision().appliedUnixMs())
                .setActive(shown.active())
                .build();
    }

    static Event event(EventLog.Logged logged) {
        AuditEvent event = logged.event();
        return Event.newBuilder()
                .setSequence(logged.sequence())
                .setUnixMs(event.unixMs())
                .setActor(event.actor())
                .setAction(event.action())
                .setSubject(event.subject())
                .setEffect(event.effect())
                .setGeneration(event.generation())
                .build();
    }
}
