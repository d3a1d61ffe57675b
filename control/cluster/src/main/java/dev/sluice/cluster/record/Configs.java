package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.proto.cluster.v1.Event;
import dev.sluice.proto.cluster.v1.SourceParts;

import java.util.HexFormat;

/** Configuration and audit records to and from their messages. */
final class Configs {
    private static final int SHA256_BYTES = 32;

    /** Outside of ZooKeeper a source is always whole. */
    static final Codec<ConfigRevision> REVISION_BY_ITSELF =
            new ProtoCodec<>(
                    dev.sluice.proto.cluster.v1.ConfigRevision.parser(),
                    revision -> writeRevision(StoredRevision.of(revision)),
                    (name, proto) ->
                            readRevision(Long.toString(proto.getNumber()), proto)
                                    .with(proto.getSource()));

    private Configs() {}

    static dev.sluice.proto.cluster.v1.ConfigRevision writeRevision(StoredRevision revision) {
        var builder =
                dev.sluice.proto.cluster.v1.ConfigRevision.newBuilder()
                        .setNumber(revision.number())
                        .setOrigin(revision.origin())
                        .setAppliedBy(revision.appliedBy())
                        .setAppliedUnixMs(revision.appliedUnixMs());
        return switch (revision.source()) {
            case Source.Whole(String text) -> builder.setSource(text).build();
            case Source.Parts parts -> builder.setParts(writeParts(parts)).build();
        };
    }

    static StoredRevision readRevision(
            String name, dev.sluice.proto.cluster.v1.ConfigRevision proto) {
        long number = Strict.atLeast("number", proto.getNumber(), 1);
        Strict.check(Long.toString(number).equals(name), "number", number, name);
        return new StoredRevision(
                number,
                proto.hasParts()
                        ? readParts(proto.getParts())
                        : new Source.Whole(proto.getSource()),
                proto.getOrigin(),
                proto.getAppliedBy(),
                Strict.atLeast("applied_unix_ms", proto.getAppliedUnixMs(), 0));
    }

    private static SourceParts writeParts(Source.Parts parts) {
        return SourceParts.newBuilder()
                .setId(parts.id())
                .setBytes(parts.bytes())
                .setParts(parts.count())
                .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(parts.sha256())))
                .build();
    }

    private static Source.Parts readParts(SourceParts proto) {
        Strict.check(
                proto.getSha256().size() == SHA256_BYTES,
                "parts.sha256",
                proto.getSha256().size() + " bytes",
                SHA256_BYTES + " bytes");
        return new Source.Parts(
                Strict.name("parts.id", proto.getId()),
                Strict.between("parts.bytes", proto.getBytes(), 1, Source.MAX_BYTES),
                Strict.between("parts.parts", proto.getParts(), 1, Source.MAX_PARTS),
                HexFormat.of().formatHex(proto.getSha256().toByteArray()));
    }

    static dev.sluice.proto.cluster.v1.ConfigRollout writeRollout(ConfigRollout rollout) {
        return dev.sluice.proto.cluster.v1.ConfigRollout.newBuilder()
                .setCount(rollout.count())
                .addAllActivated(rollout.activated())
                .build();
    }

    static ConfigRollout readRollout(String name, dev.sluice.proto.cluster.v1.ConfigRollout proto) {
        Strict.check(proto.getActivatedCount() > 0, "activated", "none", "at least one");
        Strict.Once<Long> once = new Strict.Once<>();
        for (long revision : proto.getActivatedList()) {
            once.check("activated", Strict.atLeast("activated", revision, 1));
        }
        return new ConfigRollout(
                Strict.atLeast("count", proto.getCount(), 0), proto.getActivatedList());
    }

    static dev.sluice.proto.cluster.v1.ConfigTrial writeTrial(ConfigTrial trial) {
        var builder =
                dev.sluice.proto.cluster.v1.ConfigTrial.newBuilder()
                        .setAskedBy(trial.askedBy())
                        .setOrigin(trial.origin());
        return switch (trial.source()) {
            case Source.Whole(String text) -> builder.setSource(text).build();
            case Source.Parts parts -> builder.setParts(writeParts(parts)).build();
        };
    }

    static ConfigTrial readTrial(String name, dev.sluice.proto.cluster.v1.ConfigTrial proto) {
        return new ConfigTrial(
                proto.getAskedBy(),
                proto.hasParts()
                        ? readParts(proto.getParts())
                        : new Source.Whole(proto.getSource()),
                proto.getOrigin());
    }

    static dev.sluice.proto.cluster.v1.TrialResult writeResult(TrialResult result) {
        return dev.sluice.proto.cluster.v1.TrialResult.newBuilder()
                .addAllProblems(result.problems())
                .addAllWarnings(result.warnings())
                .setUnconcerned(!result.concerned())
                .build();
    }

    static TrialResult readResult(String name, dev.sluice.proto.cluster.v1.TrialResult proto) {
        return new TrialResult(
                proto.getProblemsList(), proto.getWarningsList(), !proto.getUnconcerned());
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
