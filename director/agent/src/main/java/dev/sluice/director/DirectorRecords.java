package dev.sluice.director;

import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorMember.HopVote;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.zookeeper.MemberStore;
import dev.sluice.cluster.zookeeper.Published;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a director keeps on record about itself. */
final class DirectorRecords implements AutoCloseable {
    private final String id;
    private final Published<DirectorRecord> record;
    private final Published<DirectorMember> member;

    DirectorRecords(String id, MemberStore members) {
        this.id = id;
        this.record = members.publishDirector(id);
        this.member = members.publishDirectorMember(id);
    }

    /** Persistent: acknowledgements. */
    Published<DirectorRecord> record() {
        return record;
    }

    void publishMember(DirectorState state, String datapath) {
        member.set(
                new DirectorMember(
                        id,
                        version(),
                        datapath,
                        state.announcing(),
                        votes(state.hops()),
                        problems(state.problems())));
    }

    private static List<HopVote> votes(Map<String, HopHealth> hops) {
        return new TreeMap<>(hops)
                .entrySet().stream()
                        .map(e ->
                                new HopVote(
                                        e.getKey(),
                                        e.getValue().reachable(),
                                        e.getValue().reason()))
                        .toList();
    }

    private static List<String> problems(Map<String, String> problems) {
        return new TreeMap<>(problems)
                .entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList();
    }

    private static String version() {
        String version = DirectorRecords.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public void close() {
        member.close();
        record.close();
    }
}
