package dev.sluice.control;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Published;
import dev.sluice.cluster.zookeeper.Seen;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Acknowledges every generation it sees, unless it is held. Forwards nothing. */
final class FakeDirector implements AutoCloseable {
    private final String id;
    private final Address address;
    private final ClusterStore store;
    private final Published<DirectorRecord> record;
    private final Published<DirectorMember> member;
    private final Map<String, Long> seen = new TreeMap<>();
    private boolean held;

    FakeDirector(ClusterStore.Target target, String id, String address) {
        this.id = id;
        this.address = Address.parse(address);
        this.store = ClusterStore.of(target);
        this.record = store.members().publishDirector(id);
        this.member = store.members().publishDirectorMember(id);
        store.pools().watch(this::onPool);
        store.start();
        member.set(new DirectorMember(id, "test", "fake", true, List.of(), List.of()));
        publish();
    }

    private synchronized void onPool(Seen<PoolState> pool) {
        if (pool instanceof Seen.Value<PoolState>(String name, PoolState state, int version)) {
            seen.put(name, state.generation());
            publish();
        }
    }

    private synchronized void publish() {
        if (!held) {
            record.set(new DirectorRecord(id, address, seen, false));
        }
    }

    synchronized void hold(boolean hold) {
        held = hold;
        publish();
    }

    void vote(String proxy, boolean healthy, String reason) {
        member.set(
                new DirectorMember(
                        id,
                        "test",
                        "fake",
                        true,
                        List.of(new DirectorMember.HopVote(proxy, healthy, reason)),
                        List.of()));
    }

    @Override
    public void close() {
        store.close();
    }
}
