package dev.sluice.cluster.record;

import dev.sluice.proto.cluster.v1.Event;

/** Configuration and audit records to and from their messages. */
final class Configs {
    static final Codec<ConfigRevision> REVISION_BY_ITSELF =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.ConfigRevision.parser(),
                    Configs::writeRevision,
                    (name, proto) -> readRevision(Long.toString(proto.getNumber()), proto));

    private Configs() {}

    static dev.sluice.proto.cluster.v1.ConfigRevision writeRevision(ConfigRevision revision) {
        return dev.sluice.proto.cluster.v1.ConfigRevision.newBuilder()
                .setNumber(revision.number())
                .setSource(revision.source())
                .setOrigin(revision.origin())
                .setAppliedBy(revision.appliedBy())
                .setAppliedUnixMs(revision.appliedUnixMs())
                .build();
    }

    static ConfigRevision readRevision(
            String name, dev.sluice.proto.cluster.v1.ConfigRevision proto) {
        long number = Strict.atLeast("number", proto.getNumber(), 1);
        Strict.check(Long.toString(number).equals(name), "number", number, name);
        return new ConfigRevision(
                number,
                proto.getSource(),
                proto.getOrigin(),
                proto.getAppliedBy(),
                Strict.atLeast("applied_unix_ms", proto.getAppliedUnixMs(), 0));
    }

    static dev.sluice.proto.cluster.v1.ConfigRollout writeRollout(ConfigRollout rollout) {
        return dev.sluice.proto.cluster.v1.ConfigRollout.newBuilder()
                .addAllActivated(rollout.activated())
                .build();
    }

    static ConfigRollout readRollout(String name, dev.sluice.proto.cluster.v1.ConfigRollout proto) {
        Strict.check(proto.getActivatedCount() > 0, "activated", "none", "at least one");
        Strict.Once<Long> once = new Strict.Once<>();
        for (long revision : proto.getActivatedList()) {
            once.check("activated", Strict.atLeast("activated", revision, 1));
        }
        return new ConfigRollout(proto.getActivatedList());
    }

    static dev.sluice.proto.cluster.v1.ConfigTrial writeTrial(ConfigTrial trial) {
        return dev.sluice.proto.cluster.v1.ConfigTrial.newBuilder()
                .setAskedBy(trial.askedBy())
                .setSource(trial.source())
                .setOrigin(trial.origin())
                .build();
    }

    static ConfigTrial readTrial(String name, dev.sluice.proto.cluster.v1.ConfigTrial proto) {
        return new ConfigTrial(proto.getAskedBy(), proto.getSource(), proto.getOrigin());
    }

    static dev.sluice.proto.cluster.v1.TrialResult writeResult(TrialResult result) {
        return dev.sluice.proto.cluster.v1.TrialResult.newBuilder()
                .addAllProblems(result.problems())
                .build();
    }

    static TrialResult readResult(String name, dev.sluice.proto.cluster.v1.TrialResult proto) {
        return new TrialResult(proto.getProblemsList());
    }

    static Event writeEvent(AuditEvent event) {
        return Event.newBuilder()
                .setUnixMs(event.unixMs())
                .setActor(event.actor())
                .setAction(event.action())
                .setSubject(event.subject())
                .setEffect(event.effect())
                .setGeneration(event.generation())
                .build();
    }

    static AuditEvent readEvent(String name, Event proto) {
        return new AuditEvent(
                Strict.atLeast("unix_ms", proto.getUnixMs(), 0),
                proto.getActor(),
                proto.getAction(),
                proto.getSubject(),
                proto.getEffect(),
                Strict.atLeast("generation", proto.getGeneration(), 0));
    }
}
