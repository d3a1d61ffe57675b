package dev.sluice.cluster.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.testing.Ports;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class StoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestingServer server;
    private CuratorFramework raw;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void startServer() throws Exception {
        server = new TestingServer(Ports.free(), true);
        raw =
                CuratorFrameworkFactory.newClient(
                        server.getConnectString(), 10_000, 3000, new RetryOneTime(100));
        raw.start();
    }

    @AfterEach
    void stopServer() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
        raw.close();
        server.close();
    }

    private ClusterStore store() {
        ClusterStore store =
                ClusterStore.of(new ClusterStore.Target(server.getConnectString(), "lab"));
        open.add(store);
        return store;
    }

    static PoolState pool(String name, long generation) {
        return new PoolState(
                name,
                generation,
                new PoolSpec(
                        PoolSpec.Wire.SLUICE,
                        new SipHash.Key(1, 2),
                        new SipHash.Key(3, 4),
                        EnumSet.allOf(PoolSpec.HashField.class),
                        List.of(Bind.tcp(Address.parse("203.0.113.10"), 80))),
                List.of(new Proxy("p1", Address.parse("198.18.0.1"), Proxy.State.ACTIVE, 1)),
                List.of(new Epoch(1, List.of(new Epoch.Member("p1", 1)), 1, 0, 0, 0, false)),
                Optional.empty(),
                2);
    }

    private static ProxyMember member(String id, long connections) {
        return new ProxyMember(
                id,
                Address.parse("198.18.0.1"),
                "i1",
                "0.1",
                0,
                Map.of(),
                connections,
                0,
                List.of());
    }

    private static <T> Seen<T> last(List<Seen<T>> seen) {
        return seen.isEmpty() ? new Seen.Gone<>("nothing") : seen.getLast();
    }

    private static List<Long> generations(List<Seen<PoolState>> seen) {
        List<Long> generations = new ArrayList<>();
        for (Seen<PoolState> one : seen) {
            if (one instanceof Seen.Value<PoolState>(String n, PoolState state, int v)) {
                generations.add(state.generation());
            }
        }
        return generations;
    }

    @Test
    void aWatcherSeesPoolsThatExistAndTheirChangesInOrder() throws Exception {
        ClusterStore store = store();
        List<Seen<PoolState>> seen = new CopyOnWriteArrayList<>();
        store.pools().watch(seen::add);
        store.start();
        assertThat(store.pools().create(pool("web", 1))).isTrue();
        for (int version = 0; version < 20; version++) {
            assertThat(store.pools().compareAndSet(pool("web", version + 2L), version)).isTrue();
        }
        await().atMost(PATIENCE).until(() -> generations(seen).contains(21L));
        assertThat(generations(seen)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void creatingAnExistingPoolLeavesItAlone() throws Exception {
        ClusterStore store = store().start();
        assertThat(store.pools().create(pool("web", 1))).isTrue();
        assertThat(store.pools().create(pool("web", 9))).isFalse();
        assertThat(store.pools().read("web")).isEqualTo(new Seen.Value<>("web", pool("web", 1), 0));
        assertThat(store.pools().names()).containsExactly("web");
    }

    @Test
    void ofManyConcurrentWritersExactlyOneWinsEachVersion() throws Exception {
        ClusterStore store = store().start();
        store.pools().create(pool("web", 1));
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> wins = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long generation = 100L + i;
                wins.add(
                        writers.submit(
                                () -> store.pools().compareAndSet(pool("web", generation), 0)));
            }
            int won = 0;
            for (Future<Boolean> win : wins) {
                won += win.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void aCorruptNodeIsAProblemAndTheNextGoodValueIsSeenAgain() throws Exception {
        ClusterStore store = store();
        List<Seen<PoolState>> seen = new CopyOnWriteArrayList<>();
        store.pools().watch(seen::add);
        store.start();
        store.pools().create(pool("web", 1));
        await().atMost(PATIENCE).until(() -> seen.size() == 1);
        raw.setData().forPath("/sluice/lab/pools/web", "junk".getBytes(StandardCharsets.UTF_8));
        await().atMost(PATIENCE).until(() -> seen.size() == 2);
        assertThat(seen.get(1)).isInstanceOf(Seen.Corrupt.class);
        assertThat(((Seen.Corrupt<PoolState>) seen.get(1)).problem().toString())
                .startsWith("/sluice/lab/pools/web: ");
        assertThat(store.pools().compareAndSet(pool("web", 2), 1)).isTrue();
        await().atMost(PATIENCE).until(() -> generations(seen).equals(List.of(1L, 2L)));
    }

    @Test
    void aDeletedPoolIsGone() throws Exception {
        ClusterStore store = store();
        List<Seen<PoolState>> seen = new CopyOnWriteArrayList<>();
        store.pools().watch(seen::add);
        store.start();
        store.pools().create(pool("web", 1));
        await().atMost(PATIENCE).until(() -> seen.size() == 1);
        raw.delete().forPath("/sluice/lab/pools/web");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(last(seen)).isEqualTo(new Seen.Gone<PoolState>("web")));
    }

    @Test
    void rereadFollowsEveryValueThatWasThere() throws Exception {
        ClusterStore writer = store().start();
        writer.pools().create(pool("a", 1));
        writer.pools().create(pool("b", 1));
        ClusterStore store = store();
        List<Object> order = new CopyOnWriteArrayList<>();
        store.onSession(order::add);
        store.pools().watch(order::add);
        store.members().watchDirectors(order::add);
        store.config().watchActive(order::add);
        store.start();
        await().atMost(PATIENCE).until(() -> order.contains(new SessionEvent.Reread(1)));
        assertThat(order.indexOf(new SessionEvent.Reread(1))).isEqualTo(order.size() - 1);
        assertThat(order).filteredOn(Seen.Value.class::isInstance).hasSize(2);
        assertThat(order.getFirst()).isEqualTo(new SessionEvent.Connected());
    }

    @Test
    void aRestartedServerIsReadAgainUnderAHigherEpoch() throws Exception {
        ClusterStore store = store();
        List<Object> order = new CopyOnWriteArrayList<>();
        store.onSession(order::add);
        store.pools().watch(order::add);
        store.start();
        store.pools().create(pool("web", 1));
        await().atMost(PATIENCE).until(() -> order.contains(new SessionEvent.Reread(1)));
        server.restart();
        await().atMost(PATIENCE).until(() -> order.contains(new SessionEvent.Reread(2)));
        assertThat(order).contains(new SessionEvent.Suspended());
        // Unchanged, so not delivered again.
        assertThat(order).filteredOn(Seen.class::isInstance).hasSize(1);
        assertThat(store.pools().compareAndSet(pool("web", 2), 0)).isTrue();
        await().atMost(PATIENCE)
                .until(() -> order.getLast().equals(new Seen.Value<>("web", pool("web", 2), 1)));
    }

    @Test
    void startingBeforeZooKeeperBlocksNobody() throws Exception {
        server.stop();
        ClusterStore store = store();
        List<Seen<PoolState>> seen = new CopyOnWriteArrayList<>();
        store.pools().watch(seen::add);
        Published<ProxyMember> me = store.members().publishProxyMember("p1");
        long before = System.nanoTime();
        store.start();
        me.set(member("p1", 1));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        server.restart();
        assertThat(me.awaitWritten(PATIENCE)).isTrue();
        store.pools().create(pool("web", 1));
        await().atMost(PATIENCE).until(() -> generations(seen).equals(List.of(1L)));
    }

    @Test
    void anEphemeralMemberComesBackAfterItsSessionWasKilled() throws Exception {
        ClusterStore store = store();
        List<SessionEvent> events = new CopyOnWriteArrayList<>();
        store.onSession(events::add).start();
        Published<ProxyMember> me = store.members().publishProxyMember("p1");
        me.set(member("p1", 5));
        assertThat(me.awaitWritten(PATIENCE)).isTrue();
        String path = "/sluice/lab/members/proxies/p1";
        long session = raw.checkExists().forPath(path).getEphemeralOwner();
        store.curator().getZookeeperClient().getZooKeeper().getTestable().injectSessionExpiration();
        await().atMost(PATIENCE)
                .until(() -> {
                    var stat = raw.checkExists().forPath(path);
                    return stat != null && stat.getEphemeralOwner() != session;
                });
        assertThat(events).contains(new SessionEvent.Lost());
    }

    @Test
    void theLastOfTwoProcessesWithOneIdHasTheNode() throws Exception {
        ClusterStore first = store().start();
        Published<ProxyMember> older = first.members().publishProxyMember("p1");
        older.set(member("p1", 1));
        assertThat(older.awaitWritten(PATIENCE)).isTrue();
        ClusterStore second = store().start();
        Published<ProxyMember> newer = second.members().publishProxyMember("p1");
        newer.set(member("p1", 2));
        assertThat(newer.awaitWritten(PATIENCE)).isTrue();
        older.set(member("p1", 3));
        assertThat(older.awaitWritten(Duration.ofSeconds(1))).isFalse();
        newer.set(member("p1", 4));
        assertThat(newer.awaitWritten(PATIENCE)).isTrue();
    }

    @Test
    void aRemovedDirectorThatLivesRecordsItselfAgain() throws Exception {
        ClusterStore store = store().start();
        DirectorRecord record =
                new DirectorRecord("d1", Address.parse("198.18.0.2"), Map.of("web", 1L), false);
        Published<DirectorRecord> me = store.members().publishDirector("d1");
        me.set(record);
        assertThat(me.awaitWritten(PATIENCE)).isTrue();
        assertThat(store.members().removeDirector("d1")).isTrue();
        assertThat(store.members().removeDirector("d1")).isFalse();
        DirectorRecord later =
                new DirectorRecord("d1", Address.parse("198.18.0.2"), Map.of("web", 2L), false);
        me.set(later);
        assertThat(me.awaitWritten(PATIENCE)).isTrue();
        assertThat(store.members().readDirector("d1")).isEqualTo(new Seen.Value<>("d1", later, 0));
    }

    @Test
    void theActiveConfigurationFollowsTheRollout() throws Exception {
        ClusterStore store = store();
        List<Seen<ConfigRevision>> seen = new CopyOnWriteArrayList<>();
        store.config().watchActive(seen::add);
        store.start();
        ConfigRevision one = store.config().draft("a").keep("a.yaml", "ann", 1);
        ConfigRevision two = store.config().draft("b").keep("b.yaml", "ann", 2);
        assertThat(two.number()).isEqualTo(2);
        assertThat(store.config().createRollout(ConfigRollout.of(1))).isTrue();
        await().atMost(PATIENCE)
                .until(() ->
                        last(seen)
                                        instanceof
                                        Seen.Value<ConfigRevision>(
                                                String n,
                                                ConfigRevision r,
                                                int v)
                                && r.equals(one));
        assertThat(store.config().compareAndSetRollout(ConfigRollout.of(1).activate(2), 0))
                .isTrue();
        assertThat(store.config().compareAndSetRollout(ConfigRollout.of(1), 0)).isFalse();
        await().atMost(PATIENCE)
                .until(() ->
                        last(seen)
                                        instanceof
                                        Seen.Value<ConfigRevision>(
                                                String n,
                                                ConfigRevision r,
                                                int v)
                                && r.equals(two));
        store.config().compareAndSetRollout(ConfigRollout.of(9), 1);
        await().atMost(PATIENCE).until(() -> last(seen) instanceof Seen.Corrupt);
    }

    @Test
    void theAuditLogKeepsTheNewestEvents() throws Exception {
        ClusterStore store = store().start();
        for (int i = 1; i <= EventLog.KEPT + 60; i++) {
            store.events().append(new AuditEvent(i, "ann", "drain", "p1", "e", 1));
        }
        assertThat(raw.getChildren().forPath("/sluice/lab/events"))
                .hasSizeBetween(EventLog.KEPT, EventLog.KEPT + 50);
        assertThat(store.events().newest(3))
                .extracting(logged -> logged.event().unixMs())
                .containsExactly(EventLog.KEPT + 58L, EventLog.KEPT + 59L, EventLog.KEPT + 60L);
    }
}
