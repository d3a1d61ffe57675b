package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.testing.Ports;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The director process against a real ZooKeeper and a datapath that only remembers. */
class DirectorProcessIT {
    @TempDir Path directory;

    private final RecordedForwarder kernel = new RecordedForwarder();
    private final List<DirectorProcess> processes = new ArrayList<>();
    private TestingServer zookeeper;
    private ClusterStore store;
    private ServerSocket healthy;
    private ServerSocket alwaysHealthy;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer(Ports.free(), true);
        store = ClusterStore.of(target()).start();
        assertThat(store.awaitConnected(Duration.ofSeconds(60))).isTrue();
        healthy = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        alwaysHealthy =
                new ServerSocket(healthy.getLocalPort(), 50, InetAddress.ofLiteral("127.0.0.2"));
        assertThat(store.pools().create(pool(1))).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        processes.forEach(DirectorProcess::close);
        store.close();
        zookeeper.close();
        healthy.close();
        alwaysHealthy.close();
    }

    @Test
    void installsAcknowledgesAnnouncesAndFollowsTheRecord() throws Exception {
        startDirector();
        await().until(() -> acknowledged() == 1);
        await().until(() -> Files.exists(announced()));

        write(pool(2));
        await().until(() -> acknowledged() == 2);
        assertThat(kernel.generation()).isEqualTo(2);
    }

    @Test
    void aNewProcessTakesTheKernelOverWhereTheOldOneLeftIt() throws Exception {
        DirectorProcess first = startDirector();
        await().until(() -> acknowledged() == 1);
        first.close();
        write(pool(2));

        startDirector();
        await().until(() -> acknowledged() == 2);
    }

    @Test
    void aCorruptRecordChangesNothingAndIsShown() throws Exception {
        startDirector();
        await().until(() -> acknowledged() == 1);
        overwrite("/sluice/test/pools/web", "no protobuf at all");

        await().until(() -> !problems().isEmpty());
        assertThat(kernel.generation()).isEqualTo(1);
        overwrite("/sluice/test/pools/web", encoded(pool(2)));
        await().until(() -> acknowledged() == 2);
        await().until(() -> problems().isEmpty());
    }

    @Test
    void demotesAHopWhosePortIsClosedAndVotesAgainstIt() throws Exception {
        startDirector();
        await().until(() -> acknowledged() == 1);
        healthy.close();

        await().until(() -> member().votes().stream().anyMatch(v -> !v.healthy()));
        await().untilAsserted(() -> assertThat(firstHops()).doesNotContain("p0"));
    }

    @Test
    void startsFromItsSnapshotWithoutZooKeeper() throws Exception {
        DirectorProcess first = startDirector();
        await().until(() -> acknowledged() == 1);
        first.close();
        zookeeper.stop();
        kernel.tables.clear();

        startDirector();
        await().until(() -> kernel.generation() == 1);
    }

    @Test
    void doesNotAnnounceBeforeItsTableIsIn() throws Exception {
        kernel.broken = true;
        startDirector();
        await().until(() -> !problems().isEmpty());
        assertThat(Files.exists(announced())).isFalse();

        kernel.broken = false;
        await().until(() -> Files.exists(announced()));
        assertThat(acknowledged()).isEqualTo(1);
    }

    @Test
    void withdrawsOnlyAStoppedDirectorAndIsUndoneByItsNextStart() throws Exception {
        DirectorProcess running = startDirector();
        await().until(() -> acknowledged() == 1);
        await().until(() -> Files.exists(announced()));
        assertThat(new WithdrawCommand(config()).carryOut().orElseThrow())
                .startsWith("director d1 is running");

        running.close();
        await().until(() ->
                store.members().readDirectorMember("d1") instanceof Seen.Gone<DirectorMember>);
        assertThat(new WithdrawCommand(config()).carryOut()).isEmpty();
        assertThat(Files.exists(announced())).isFalse();
        assertThat(directorRecord().withdrawn()).isTrue();
        assertThat(directorRecord().acknowledged()).containsEntry("web", 1L);

        startDirector();
        await().until(() -> !directorRecord().withdrawn());
        await().until(() -> Files.exists(announced()));
    }

    @Test
    void aWithdrawnDirectorWaitsForZooKeeperInsteadOfUsingItsSnapshot() throws Exception {
        DirectorProcess first = startDirector();
        await().until(() -> acknowledged() == 1);
        first.close();
        assertThat(new Withdrawal(config()).carryOut(store.members(), "ann", "a test")).isEmpty();
        write(pool(2));
        zookeeper.stop();
        kernel.tables.clear();
        kernel.generations.clear();

        startDirector();
        zookeeper.restart();
        await().until(() -> acknowledged() == 2);
        assertThat(kernel.generations).doesNotContain(1L);
        assertThat(directorRecord().withdrawn()).isFalse();
    }

    @Test
    void installsWhileAHookHangs() throws Exception {
        startDirector(config(List.of("sleep", "60")));
        await().until(() -> member().announcing());
        write(pool(2));
        await().until(() -> acknowledged() == 2);
    }

    private DirectorProcess startDirector() throws Exception {
        return startDirector(config());
    }

    private DirectorProcess startDirector(DirectorConfig config) throws Exception {
        DirectorProcess process = new DirectorProcess(config, kernel);
        processes.add(process);
        Thread.ofPlatform()
                .name("director-under-test")
                .start(() -> {
                    try {
                        process.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        return process;
    }

    private DirectorConfig config() {
        return config(List.of("touch", announced().toString()));
    }

    private DirectorConfig config(List<String> announce) {
        return new DirectorConfig(
                new NodeConfig(
                        "d1",
                        target(),
                        Address.parse("198.18.11.2"),
                        new NodeConfig.Datapath(
                                "none", directory.resolve("pins"), NodeConfig.Transmit.GATEWAY),
                        directory.resolve("state")),
                announce,
                List.of("rm", announced().toString()),
                new DirectorConfig.Probing(
                        healthy.getLocalPort(),
                        Duration.ofMillis(50),
                        Duration.ofMillis(200),
                        new HopHealth.Thresholds(3, 2)),
                Duration.ofSeconds(15),
                PoolState.MAX_HOPS);
    }

    private Path announced() {
        return directory.resolve("announced");
    }

    private ClusterStore.Target target() {
        return new ClusterStore.Target(zookeeper.getConnectString(), "test");
    }

    private void write(PoolState next) throws StoreException {
        if (!(store.pools().read("web") instanceof Seen.Value<PoolState> seen)) {
            throw new AssertionError("no pool");
        }
        assertThat(store.pools().compareAndSet(next, seen.version())).isTrue();
    }

    private void overwrite(String path, String text) throws Exception {
        overwrite(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void overwrite(String path, byte[] bytes) throws Exception {
        try (CuratorFramework client =
                CuratorFrameworkFactory.newClient(
                        zookeeper.getConnectString(), new RetryOneTime(100))) {
            client.start();
            client.setData().forPath(path, bytes);
        }
    }

    private static byte[] encoded(PoolState state) {
        return Codecs.POOL_STATE.encode(state);
    }

    private long acknowledged() throws StoreException {
        return store.members().readDirector("d1") instanceof Seen.Value<DirectorRecord> seen
                ? seen.value().acknowledged().getOrDefault("web", 0L)
                : 0;
    }

    private DirectorRecord directorRecord() throws StoreException {
        return store.members().readDirector("d1") instanceof Seen.Value<DirectorRecord> seen
                ? seen.value()
                : new DirectorRecord("d1", Address.parse("198.18.11.2"), Map.of(), false);
    }

    private DirectorMember member() throws StoreException {
        return store.members().readDirectorMember("d1") instanceof Seen.Value<DirectorMember> seen
                ? seen.value()
                : new DirectorMember("d1", "", "", false, List.of(), List.of());
    }

    private List<String> problems() throws StoreException {
        return member().problems();
    }

    private List<String> firstHops() {
        ForwardingTable table = Objects.requireNonNull(kernel.tables.get("web"));
        return IntStream.range(0, ForwardingTable.ROWS)
                .mapToObj(row -> table.hopsOf(row).getFirst().id())
                .distinct()
                .toList();
    }

    /** p0 and p1 are two loopback addresses with the same health port. */
    static PoolState pool(long generation) {
        List<Member> members = List.of(new Member("p0", 100), new Member("p1", 100));
        return new PoolState(
                "web",
                generation,
                new PoolSpec(
                        Wire.SLUICE,
                        new SipHash.Key(1, 2),
                        new SipHash.Key(3, 4),
                        Set.of(HashField.values()),
                        List.of(Bind.tcp(Address.parse("203.0.113.10"), 80))),
                List.of(
                        new Proxy("p0", Address.parse("127.0.0.1"), State.ACTIVE, 100),
                        new Proxy("p1", Address.parse("127.0.0.2"), State.ACTIVE, 100)),
                List.of(new Epoch(1, members, 1, 1, 0, 0, false)),
                Optional.empty(),
                2);
    }
}
