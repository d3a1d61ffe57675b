package dev.sluice.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.EventLog;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.testing.Ports;

import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Three control processes, two directors and three proxies around one cluster in ZooKeeper. */
final class World implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Longer than what a controller needs from one step to the next. */
    private static final long QUIET_NANOS = 700_000_000L;

    private final Path folder;
    private final ClusterStore.Target target;
    final List<Control> controls = new ArrayList<>();
    final List<FakeDirector> directors = new ArrayList<>();
    final List<FakeProxy> proxies = new ArrayList<>();

    /** What the test itself reads. */
    final ClusterStore store;

    /** One control process, and how to stop and call it. */
    record Control(ControlProcess process, Guillotine gate, Sluice sluice) {
        /** As by kill -9: nothing is written any more, nothing is cleaned up, the session ends. */
        void die() {
            process.store().close();
        }
    }

    /**
     * All that an operation may change.
     *
     * @param proxies id, address, weight, state, mark
     * @param epochs newest first: id and members
     * @param events each with its effect; sorted, since an old epoch may settle before or after a
     *     queued change begins
     */
    record Outcome(
            long generation,
            List<String> proxies,
            List<String> epochs,
            List<String> queue,
            String config,
            List<String> directors,
            List<String> events) {}

    World(Path folder, String zookeeper, String cluster) throws Exception {
        this.folder = folder;
        this.target = new ClusterStore.Target(zookeeper, cluster);
        this.store = ClusterStore.of(target).start();
        for (int i = 1; i <= 3; i++) {
            controls.add(control("c" + i));
        }
        for (int i = 1; i <= 2; i++) {
            directors.add(new FakeDirector(target, "d" + i, "198.18.1." + i));
        }
        for (int i = 1; i <= 3; i++) {
            proxies.add(new FakeProxy(target, "p" + i, "198.18.2." + i));
        }
        await().atMost(PATIENCE).ignoreExceptions().until(this::everybodyIsThere);
    }

    /** Three servers, not started; they come back on their ports. */
    static TestingCluster ensemble() {
        return ensemble(-1);
    }

    /**
     * As {@link #ensemble()}; sessions of 2 to 20 ticks are granted.
     *
     * @param tickMillis one tick; -1 for ZooKeeper's own 3 s
     */
    static TestingCluster ensemble(int tickMillis) {
        return new TestingCluster(
                IntStream.range(0, 3)
                        .mapToObj(_ ->
                                new InstanceSpec(
                                        null,
                                        Ports.free(),
                                        Ports.free(),
                                        Ports.free(),
                                        true,
                                        -1,
                                        tickMillis,
                                        -1))
                        .toList());
    }

    private Control control(String id) throws IOException, InterruptedException {
        Guillotine gate = new Guillotine();
        return new Control(
                ControlProcess.start(
                        ControlConfig.load(writeControlFile(id, "")).orElseThrow(), false, gate),
                gate,
                new Sluice(folder.resolve(target.cluster() + id)));
    }

    /**
     * @param morePools beside {@code web}; YAML
     */
    Path writeControlFile(String id, String morePools) throws IOException {
        return writeControlFile(folder, target, id, morePools);
    }

    private static Path writeControlFile(
            Path folder, ClusterStore.Target target, String id, String morePools)
            throws IOException {
        Path socket = folder.resolve(target.cluster() + id);
        return Files.writeString(
                folder.resolve(target.cluster() + id + ".yaml"),
                """
                id: %s
                cluster: %s
                zookeeper: "%s"
                admin: {socket: %s}
                pools:
                  - name: web
                    binds: ["203.0.113.10:80/tcp"]
                    hashKey: 000102030405060708090a0b0c0d0e0f
                    seed: 0f0e0d0c0b0a09080706050403020100
                    proxies:
                      - {id: p1, address: 198.18.2.1}
                      - {id: p2, address: 198.18.2.2}
                      - {id: p3, address: 198.18.2.3}
                %s\
                """
                        .formatted(id, target.cluster(), target.zookeeper(), socket, morePools));
    }

    /** A control process of its own, which leads when this returns; ahead of the world. */
    static Process startProcess(Path folder, String zookeeper, String cluster, String id)
            throws IOException {
        ClusterStore.Target target = new ClusterStore.Target(zookeeper, cluster);
        Path file = writeControlFile(folder, target, id, "");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                TestMain.class.getName(),
                                "control",
                                file.toString())
                        .inheritIO()
                        .start();
        Sluice sluice = new Sluice(folder.resolve(cluster + id));
        await().atMost(PATIENCE)
                .until(() -> sluice.run("status").out().contains("leader " + id + " "));
        return process;
    }

    private boolean everybodyIsThere() {
        String status = controls.getLast().sluice().run("status").out();
        return status.contains("d1        announcing  web 1 ")
                && status.contains("d2        announcing  web 1 ")
                && List.of("p1", "p2", "p3").stream()
                        .allMatch(p -> status.contains(p + "     active  unknown  1  "))
                && (controls.stream().filter(c -> c.process().leads()).count() == 1
                        || status.contains("leader c0 "))
                && controls.stream().allMatch(c -> c.sluice().run("events").exit() == 0)
                && event("found") == 1;
    }

    private long event(String action) throws RuntimeException {
        try {
            return store.events().newest(10).stream()
                    .filter(e -> e.event().action().equals(action))
                    .count();
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    ClusterStore.Target target() {
        return target;
    }

    Control leader() {
        return controls.stream().filter(c -> c.process().leads()).findFirst().orElseThrow();
    }

    Control other(Control one) {
        return controls.stream()
                .filter(c -> !c.equals(one) && !c.gate().isDead())
                .findFirst()
                .orElseThrow();
    }

    /** A command that must succeed. */
    void run(String... args) {
        Sluice.Result result = leader().sluice().run(args);
        assertThat(result.exit()).as(result.err()).isZero();
    }

    /** Nobody acknowledges or installs from now on, or again. */
    void hold(boolean held) {
        directors.forEach(d -> d.hold(held));
        proxies.forEach(p -> p.freeze(held));
    }

    PoolState pool() {
        try {
            return store.pools().read("web") instanceof Seen.Value<PoolState> seen
                    ? seen.value()
                    : corrupt();
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PoolState corrupt() {
        throw new IllegalStateException("no good state");
    }

    boolean isActive(String proxy) {
        return pool().proxies().stream()
                .anyMatch(p -> p.id().equals(proxy) && p.state() == Proxy.State.ACTIVE);
    }

    boolean isSteady() {
        PoolState pool = pool();
        return pool.pending().isEmpty() && pool.settling().isEmpty() && queue().isEmpty();
    }

    ChangeQueue queue() {
        try {
            return store.queues().read("web") instanceof Seen.Value<ChangeQueue> seen
                    ? seen.value()
                    : ChangeQueue.EMPTY;
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    Outcome outcome() throws StoreException {
        PoolState pool = pool();
        return new Outcome(
                pool.generation(),
                pool.proxies().stream().map(Proxy::toString).toList(),
                pool.live().stream().map(World::text).toList(),
                queue().changes().stream().map(q -> q.change().toString()).toList(),
                store.config().rollout() instanceof Seen.Value<?> ? active() : "",
                store.members().readDirectors().stream().map(Seen::name).sorted().toList(),
                store.events().newest(100).stream()
                        .map(EventLog.Logged::event)
                        .filter(e -> !e.action().equals("found"))
                        .map(World::text)
                        .sorted()
                        .toList());
    }

    private String active() throws StoreException {
        if (store.config().rollout()
                        instanceof
                        Seen.Value<dev.sluice.cluster.record.ConfigRollout>(
                                String n,
                                var rollout,
                                int v)
                && store.config().revision(rollout.active())
                        instanceof Seen.Value<ConfigRevision> revision) {
            return revision.value().source();
        }
        return "";
    }

    private static String text(Epoch epoch) {
        return epoch.id() + " " + epoch.members();
    }

    /** Without a revision's number, which a failed attempt uses up, and without folders. */
    private static String text(AuditEvent event) {
        return event.action()
                + " "
                + event.subject().replaceAll(".*/", "")
                + " "
                + event.effect().replaceAll("revision [0-9]+", "revision");
    }

    /** In a folder of this world. */
    Path path(String name) throws IOException {
        return Files.createDirectories(folder.resolve(target.cluster() + ".d")).resolve(name);
    }

    /** Nobody has written for some time. */
    boolean isQuiet() {
        long now = System.nanoTime();
        return controls.stream().allMatch(c -> now - c.gate().lastWriteNanos() > QUIET_NANOS);
    }

    @Override
    public void close() {
        proxies.forEach(FakeProxy::close);
        directors.forEach(FakeDirector::close);
        controls.forEach(c -> c.process().close());
        store.close();
    }
}
