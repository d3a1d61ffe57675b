package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.proto.cluster.v1.Director;
import dev.sluice.proto.cluster.v1.HopHealth;
import dev.sluice.proto.cluster.v1.HopVote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records of directors and proxies to and from their messages. */
final class Members {
    private Members() {}

    static Director writeDirector(DirectorRecord director) {
        return Director.newBuilder()
                .setId(director.id())
                .setAddress(ByteString.copyFrom(director.address().bytes()))
                .setAddress6(
                        director.address6()
                                .map(a -> ByteString.copyFrom(a.bytes()))
                                .orElse(ByteString.EMPTY))
                .putAllAcknowledged(director.acknowledged())
                .setWithdrawn(director.withdrawn())
                .build();
    }

    static DirectorRecord readDirector(String name, Director proto) {
        return new DirectorRecord(
                Strict.self("id", name, proto.getId()),
                Strict.address("address", proto.getAddress()),
                proto.getAddress6().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Strict.address("address6", proto.getAddress6())),
                Strict.generations("acknowledged", proto.getAcknowledgedMap()),
                proto.getWithdrawn());
    }

    static dev.sluice.proto.cluster.v1.DirectorMember writeDirectorMember(DirectorMember member) {
        var builder =
                dev.sluice.proto.cluster.v1.DirectorMember.newBuilder()
                        .setId(member.id())
                        .setVersion(member.version())
                        .setDatapath(member.datapath())
                        .setAnnouncing(member.announcing())
                        .addAllProblems(member.problems());
        for (DirectorMember.HopVote vote : member.votes()) {
            builder.addVotes(
                    HopVote.newBuilder()
                            .setProxy(vote.proxy())
                            .setHealth(
                                    vote.healthy()
                                            ? HopHealth.HOP_HEALTH_HEALTHY
                                            : HopHealth.HOP_HEALTH_UNHEALTHY)
                            .setReason(vote.reason()));
        }
        return builder.build();
    }

    static DirectorMember readDirectorMember(
            String name, dev.sluice.proto.cluster.v1.DirectorMember proto) {
        List<DirectorMember.HopVote> votes = new ArrayList<>();
        Strict.Once<String> proxies = new Strict.Once<>();
        for (int i = 0; i < proto.getVotesCount(); i++) {
            String field = "votes[" + i + "]";
            HopVote vote = proto.getVotes(i);
            proxies.check(field, Strict.name(field + ".proxy", vote.getProxy()));
            votes.add(
                    new DirectorMember.HopVote(
                            vote.getProxy(),
                            healthy(field + ".health", vote.getHealth()),
                            vote.getReason()));
        }
        return new DirectorMember(
                Strict.self("id", name, proto.getId()),
                proto.getVersion(),
                proto.getDatapath(),
                proto.getAnnouncing(),
                votes,
                proto.getProblemsList());
    }

    private static boolean healthy(String field, HopHealth health) {
        return switch (health) {
            case HOP_HEALTH_HEALTHY -> true;
            case HOP_HEALTH_UNHEALTHY -> false;
            case HOP_HEALTH_UNSPECIFIED, UNRECOGNIZED ->
                    throw new Strict.Invalid(
                            new RecordProblem(field, health.name(), "healthy or unhealthy"));
        };
    }

    static dev.sluice.proto.cluster.v1.ProxyMember writeProxyMember(ProxyMember member) {
        return dev.sluice.proto.cluster.v1.ProxyMember.newBuilder()
                .setId(member.id())
                .setAddress(ByteString.copyFrom(member.address().bytes()))
                .setIncarnation(member.incarnation())
                .setVersion(member.version())
                .setConfigRevision(member.configRevision())
                .putAllInstalled(member.installed())
                .setConnections(member.connections())
                .setRequestsInFlight(member.requestsInFlight())
                .addAllProblems(member.problems())
                .build();
    }

    static ProxyMember readProxyMember(String name, dev.sluice.proto.cluster.v1.ProxyMember proto) {
        return new ProxyMember(
                Strict.self("id", name, proto.getId()),
                Strict.address("address", proto.getAddress()),
                Strict.name("incarnation", proto.getIncarnation()),
                proto.getVersion(),
                Strict.atLeast("config_revision", proto.getConfigRevision(), 0),
                Strict.generations("installed", proto.getInstalledMap()),
                Strict.atLeast("connections", proto.getConnections(), 0),
                Strict.atLeast("requests_in_flight", proto.getRequestsInFlight(), 0),
                proto.getProblemsList());
    }
}
