package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.pool.Proxy.State;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.ConfigTrial;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.cluster.record.Source;
import dev.sluice.cluster.record.TrialResult;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Published;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.testing.Ports;

import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The proxy process against a real ZooKeeper, a kernel and an engine that only remember. */
class ProxyProcessIT {
    private static final Address VIP = Address.parse("203.0.113.10");
    private static final String L7 =
            """
            listeners:
              - name: web
                addresses: ["203.0.113.10:80"]
            routes:
              - path: /
                upstream: servers
            upstreams:
              - name: servers
                endpoints: ["198.18.30.2:8080"]
            """;

    @TempDir Path directory;

    private final RecordedRedirect kernel = new RecordedRedirect();
    private final RecordedL7 l7 = new RecordedL7();
    private final List<ProxyProcess> processes = new ArrayList<>();
    private final Map<String, ProxyMember> members = new ConcurrentHashMap<>();
    private final Map<String, OwnedRows> reports = new ConcurrentHashMap<>();
    private TestingServer zookeeper;
    private ClusterStore store;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer(Ports.free(), true);
        store = ClusterStore.of(target());
        store.members().watchProxyMembers(seen -> remember(members, seen));
        store.ownedRows().watch("web", seen -> remember(reports, seen));
        store.start();
        assertThat(store.awaitConnected(Duration.ofSeconds(60))).isTrue();
        assertThat(store.pools().create(pool(1, new int[] {0, 1}))).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        processes.forEach(ProxyProcess::close);
        store.close();
        zookeeper.close();
    }

    @Test
    void installsConfirmsAndTellsTheCluster() throws Exception {
        startProxy();

        await().until(() -> installed() == 1);
        assertThat(kernel.confirmedUntilNanos).isGreaterThan(System.nanoTime());
        await().untilAsserted(() -> assertThat(member().connections()).isEqualTo(7));
    }

    @Test
    void takesEncapsulatedPacketsFromDirectorsAndProxiesOnly() throws Exception {
        Address address = Address.parse("198.18.10.1");
        try (Published<DirectorRecord> director = store.members().publishDirector("d1")) {
            director.set(new DirectorRecord("d1", address, Map.of(), false));
            startProxy();
            await().until(() -> kernel.senders.contains(address));
            assertThat(kernel.senders)
                    .containsAll(
                            pool(1, new int[] {0}).proxies().stream().map(Proxy::address).toList());
        }
        assertThat(store.members().removeDirector("d1")).isTrue();
        await().until(() -> kernel.senders.isEmpty());
    }

    @Test
    void servesTheActiveRevisionAndKeepsItWhenTheNextIsRefused() throws Exception {
        startProxy();
        ConfigRevision first = activate(L7);
        await().until(() -> member().configRevision() == first.number());
        assertThat(l7.served.listeners()).hasSize(1);

        l7.refusal = List.of(Problem.general("l7.yaml", "listeners", "cannot listen", ""));
        activate(L7 + "# changed\n");
        await().until(() -> !member().problems().isEmpty());
        assertThat(member().configRevision()).isEqualTo(first.number());
        assertThat(member().problems().getFirst())
                .startsWith("configuration 2: l7.yaml: listeners: cannot listen");
    }

    @Test
    void triesAConfigurationWithoutServingItAndForgetsItsAnswer() throws Exception {
        startProxy();
        await().until(() -> member().id().equals("p0"));
        l7.refusal = List.of(Problem.general("l7.yaml", "listeners", "cannot listen", ""));
        store.trials().ask("t1", new ConfigTrial("control-1", new Source.Whole(L7), "l7.yaml"));
        await().until(() -> !tried("t1").isEmpty());
        assertThat(tried("t1").getFirst().problems())
                .singleElement()
                .asString()
                .startsWith("l7.yaml: listeners: cannot listen");
        store.trials()
                .ask(
                        "t2",
                        new ConfigTrial("control-1", new Source.Whole("listenrs: []"), "bad.yaml"));
        await().until(() -> !tried("t2").isEmpty());
        assertThat(tried("t2").getFirst().problems().getFirst()).startsWith("bad.yaml:1:1: ");
        l7.refusal = List.of();
        l7.warnings = List.of(Problem.general("l7.yaml", "upstreams", "not found", ""));
        store.trials().ask("t3", new ConfigTrial("control-1", new Source.Whole(L7), "l7.yaml"));
        await().until(() ->
                tried("t3")
                        .equals(
                                List.of(
                                        TrialResult.good(
                                                List.of("l7.yaml: upstreams: not found")))));
        assertThat(l7.served).isEqualTo(L7Config.EMPTY);
        assertThat(member().problems()).isEmpty();
        store.trials().withdraw("t3");
        await().until(() -> tried("t3").isEmpty());
    }

    private List<TrialResult> tried(String trial) throws StoreException {
        return store.trials().read(trial, "p0") instanceof Seen.Value<TrialResult> result
                ? List.of(result.value())
                : List.of();
    }

    @Test
    void aDrainedProxyDrainsItsEngineAndReportsUntilItIsEmpty() throws Exception {
        startProxy();
        await().until(() -> installed() == 1);
        kernel.sockets =
                List.of(new FlowKey(Protocol.TCP, Address.parse("198.18.100.1"), 40_000, VIP, 80));
        write(pool(2, new int[] {1}, new int[] {0, 1}));

        await().until(() -> reports.containsKey("p0"));
        OwnedRows held = Objects.requireNonNull(reports.get("p0"));
        assertThat(l7.mode).isEqualTo(Mode.DRAINING);
        assertThat(held.installedGeneration()).isEqualTo(2);
        assertThat(held.fenced()).isTrue();
        assertThat(held.rows().size()).isEqualTo(1);
        assertThat(held.flows()).isEqualTo(1);

        kernel.sockets = List.of();
        await().untilAsserted(() ->
                assertThat(Objects.requireNonNull(reports.get("p0")).rows().isEmpty()).isTrue());
        write(pool(3, new int[] {0, 1}));
        await().until(() -> l7.mode == Mode.SERVING);
    }

    @Test
    void aPassedDeadlineResetsItsFlowsOnTheRowsItLeftAndNoOthers() throws Exception {
        startProxy();
        await().until(() -> installed() == 1);
        List<FlowKey> flows = IntStream.range(0, 300).mapToObj(ProxyProcessIT::flow).toList();
        kernel.sockets = flows;
        PoolState expired = expired(pool(2, new int[] {0, 1, 2}, new int[] {0, 1}));
        ForwardingTable table = ChainTable.of(expired);
        List<FlowKey> own = flows.stream().filter(f -> isOpen(table, f)).toList();
        assertThat(own).isNotEmpty().hasSizeLessThan(flows.size());
        write(expired);

        await().until(() -> kernel.sockets.size() < flows.size());
        assertThat(kernel.sockets).containsExactlyElementsOf(own);
        assertThat(l7.mode).isEqualTo(Mode.SERVING);
        await().until(() -> {
            OwnedRows report = reports.get("p0");
            return report != null && report.rows().isEmpty();
        });
    }

    private static FlowKey flow(int number) {
        return new FlowKey(Protocol.TCP, Address.parse("198.18.100.1"), 40_000 + number, VIP, 80);
    }

    private static boolean isOpen(ForwardingTable table, FlowKey flow) {
        return table.isOpen(RowHash.row(table.spec(), flow), table.indexOf("p0"));
    }

    /** The deadline of all but the newest view has passed. */
    private static PoolState expired(PoolState pool) {
        List<Epoch> live = new ArrayList<>(pool.live());
        live.replaceAll(e -> e.equals(pool.newest()) ? e : e.pastDeadline());
        return new PoolState(
                pool.name(),
                pool.generation(),
                pool.spec(),
                pool.proxies(),
                live,
                pool.pending(),
                pool.nextEpochId());
    }

    @Test
    void startsFromItsSnapshotWithoutZooKeeperUnconfirmed() throws Exception {
        ProxyProcess first = startProxy();
        activate(L7);
        await().until(() -> installed() == 1 && member().configRevision() == 1);
        first.close();
        zookeeper.stop();
        kernel.tables.clear();
        kernel.confirmedUntilNanos = 0;
        l7.served = L7Config.EMPTY;

        startProxy();
        await().until(() -> kernel.installed().containsKey("web"));
        await().until(() -> !l7.served.listeners().isEmpty());
        assertThat(kernel.confirmedUntilNanos).isZero();
    }

    private ProxyProcess startProxy() throws Exception {
        ProxyConfig config =
                new ProxyConfig(
                        new NodeConfig(
                                "p0",
                                target(),
                                Address.parse("198.18.20.1"),
                                new NodeConfig.Datapath(
                                        "none",
                                        directory.resolve("pins"),
                                        NodeConfig.Transmit.GATEWAY),
                                directory.resolve("state")),
                        19_524);
        ProxyProcess process = new ProxyProcess(config, kernel, l7);
        processes.add(process);
        Thread.ofPlatform()
                .name("proxy-under-test")
                .start(() -> {
                    try {
                        process.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        return process;
    }

    private ConfigRevision activate(String source) throws StoreException {
        ConfigRevision revision = store.config().draft(source).keep("l7.yaml", "test", 1);
        ConfigRollout rollout = ConfigRollout.of(revision.number());
        if (!store.config().createRollout(rollout)
                && store.config().rollout() instanceof Seen.Value<ConfigRollout> seen) {
            assertThat(store.config().compareAndSetRollout(rollout, seen.version())).isTrue();
        }
        return revision;
    }

    private void write(PoolState next) throws StoreException {
        if (!(store.pools().read("web") instanceof Seen.Value<PoolState> seen)) {
            throw new AssertionError("no pool");
        }
        assertThat(store.pools().compareAndSet(next, seen.version())).isTrue();
    }

    private ClusterStore.Target target() {
        return new ClusterStore.Target(zookeeper.getConnectString(), "test");
    }

    private static <T> void remember(Map<String, T> map, Seen<T> seen) {
        if (seen instanceof Seen.Value<T> read) {
            map.put(read.name(), read.value());
        }
    }

    private ProxyMember member() {
        return members.getOrDefault(
                "p0", new ProxyMember("p0", VIP, "", "", 0, Map.of(), 0, 0, List.of()));
    }

    private long installed() {
        return member().installed().getOrDefault("web", 0L);
    }

    /**
     * Proxies p0 and p1.
     *
     * @param views newest first
     */
    private static PoolState pool(long generation, int[]... views) {
        List<Epoch> live =
                IntStream.range(0, views.length)
                        .mapToObj(i -> epoch(views.length - i, generation - i, views[i]))
                        .toList();
        return new PoolState(
                "web",
                generation,
                new PoolSpec(
                        Wire.SLUICE,
                        new SipHash.Key(1, 2),
                        new SipHash.Key(3, 4),
                        Set.of(HashField.values()),
                        List.of(Bind.tcp(VIP, 80))),
                List.of(
                        new Proxy("p0", Address.parse("198.18.20.1"), State.ACTIVE, 100),
                        new Proxy("p1", Address.parse("198.18.20.2"), State.ACTIVE, 100),
                        new Proxy("p2", Address.parse("198.18.20.3"), State.ACTIVE, 100)),
                live,
                Optional.empty(),
                views.length + 1);
    }

    private static Epoch epoch(int id, long commit, int... members) {
        return new Epoch(
                id,
                IntStream.of(members).mapToObj(m -> new Member("p" + m, 100)).toList(),
                commit,
                commit,
                0,
                0,
                false);
    }
}
