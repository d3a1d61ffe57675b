package dev.sluice.proxy;

import dev.sluice.cluster.agent.ProxyHostState;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.cluster.zookeeper.MemberStore;
import dev.sluice.cluster.zookeeper.Published;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What a running proxy keeps on record about itself. Any thread. */
final class MemberRecord implements AutoCloseable {
    private final NodeConfig node;
    private final Configuration configuration;
    private final L7 l7;
    private final Published<ProxyMember> record;

    MemberRecord(NodeConfig node, Configuration configuration, L7 l7, MemberStore members) {
        this.node = node;
        this.configuration = configuration;
        this.l7 = l7;
        this.record = members.publishProxyMember(node.id());
    }

    void publish(ProxyHostState state) {
        List<String> problems = new ArrayList<>();
        new TreeMap<>(state.problems())
                .forEach((subject, what) -> problems.add(subject + ": " + what));
        problems.addAll(configuration.problems());
        problems.addAll(l7.problems());
        L7.Load load = l7.load();
        record.set(
                new ProxyMember(
                        node.id(),
                        node.address(),
                        state.incarnation(),
                        version(),
                        configuration.servedRevision(),
                        state.persisted(),
                        load.connections(),
                        load.requestsInFlight(),
                        problems));
    }

    private static String version() {
        String version = MemberRecord.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public void close() {
        record.close();
    }
}
