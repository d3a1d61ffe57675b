package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.node.Service;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.datapath.DirectoryLock;
import dev.sluice.testing.Ports;

import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A director's watchdog beside agents that die and return; the pins are an ordinary folder. */
class DirectorWatchdogIT {
    /** Creates {@code down.begun}, and waits for {@code go} as a slow router would. */
    private static final String DOWN =
            "touch down.begun; while [ ! -e go ]; do sleep 0.02; done; rm -f announced";

    @TempDir Path directory;

    private final RecordedForwarder kernel = new RecordedForwarder();
    private final List<Service> services = new ArrayList<>();
    private TestingServer zookeeper;
    private ClusterStore store;

    @BeforeEach
    void start() throws Exception {
        zookeeper = new TestingServer(Ports.free(), true);
        store = ClusterStore.of(target()).start();
        assertThat(store.awaitConnected(Duration.ofSeconds(60))).isTrue();
        assertThat(store.pools().create(DirectorProcessIT.pool(1))).isTrue();
        Files.createDirectory(directory.resolve("pins"));
        Files.createFile(directory.resolve("go"));
    }

    @AfterEach
    void stop() throws Exception {
        Files.deleteIfExists(directory.resolve("go"));
        Files.createFile(directory.resolve("go"));
        services.forEach(Service::close);
        store.close();
        zookeeper.close();
    }

    @Test
    void withdrawsTheHostOfADeadAgentOnceItsTableIsStaleAndTheAgentAnnouncesItAgain()
            throws Exception {
        runAgentToItsDeath();
        run(new DirectorWatchdog(config(), kernel::installed));
        write(DirectorProcessIT.pool(2));

        await().atMost(Duration.ofSeconds(30)).until(() -> directorRecord().withdrawn());
        assertThat(announced()).doesNotExist();
        assertThat(directorRecord().acknowledged()).containsEntry("web", 1L);
        assertThat(store.events().newest(10))
                .extracting(logged -> logged.event())
                .anyMatch(event ->
                        event.action().equals("director-withdraw")
                                && event.actor().equals("watchdog of d1")
                                && event.subject().equals("d1"));

        try (DirectoryLock _ = DirectoryLock.acquire(pins(), Duration.ofSeconds(2))) {
            run(new DirectorProcess(config(), kernel));
            await().until(() -> Files.exists(announced()));
            assertThat(directorRecord().withdrawn()).isFalse();
            assertThat(directorRecord().acknowledged()).containsEntry("web", 2L);
        }
    }

    @Test
    void anAgentThatReturnsDuringAWithdrawalAnnouncesAfterIt() throws Exception {
        runAgentToItsDeath();
        Files.delete(directory.resolve("go"));
        run(new DirectorWatchdog(config(), kernel::installed));
        write(DirectorProcessIT.pool(2));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(directory.resolve("down.begun")));

        try (DirectoryLock _ = DirectoryLock.acquire(pins(), Duration.ofSeconds(2))) {
            Thread agent = run(new DirectorProcess(config(), kernel));
            await().until(() -> isAtTheDoor(agent));
            Files.createFile(directory.resolve("go"));
            await().until(() -> directorRecord().acknowledged().getOrDefault("web", 0L) == 2);
            await().until(() -> Files.exists(announced()));
            assertThat(directorRecord().withdrawn()).isFalse();
        }
    }

    @Test
    void leavesTheHostOfARunningAgentAlone() throws Exception {
        runAgentToItsDeath();
        try (DirectoryLock _ = DirectoryLock.acquire(pins(), Duration.ofSeconds(2))) {
            assertThat(
                            new Withdrawal(config())
                                    .carryOut(store.members(), "ann", "a test")
                                    .orElseThrow())
                    .startsWith("director d1 is running");
        }
        assertThat(announced()).exists();
        assertThat(directorRecord().withdrawn()).isFalse();
    }

    @Test
    void makesNoRecordForADirectorThatAnOperatorRemoved() throws Exception {
        runAgentToItsDeath();
        assertThat(store.members().removeDirector("d1")).isTrue();
        assertThat(new Withdrawal(config()).carryOut(store.members(), "ann", "a test")).isEmpty();
        assertThat(announced()).doesNotExist();
        assertThat(store.members().readDirector("d1")).isInstanceOf(Seen.Gone.class);
    }

    @Test
    void refusesToRunWithoutACommandThatWithdraws() {
        assertThatThrownBy(() -> new DirectorWatchdog(config(List.of()), kernel::installed))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("announce.down is missing");
    }

    private void runAgentToItsDeath() throws Exception {
        DirectorProcess agent = new DirectorProcess(config(), kernel);
        run(agent);
        await().until(() -> Files.exists(announced()));
        agent.close();
    }

    private static boolean isAtTheDoor(Thread agent) {
        return Stream.of(agent.getStackTrace())
                .anyMatch(f -> f.getClassName().equals(DirectoryLock.class.getName()));
    }

    private Thread run(Service service) {
        services.add(service);
        return Thread.ofPlatform()
                .name("under-test")
                .start(() -> {
                    try {
                        service.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private DirectorConfig config() {
        return config(List.of("sh", "-c", "cd " + directory + "; " + DOWN));
    }

    private DirectorConfig config(List<String> down) {
        return new DirectorConfig(
                new NodeConfig(
                        "d1",
                        target(),
                        Address.parse("198.18.11.2"),
                        new NodeConfig.Datapath("none", pins(), NodeConfig.Transmit.GATEWAY),
                        directory.resolve("state")),
                List.of("touch", announced().toString()),
                down,
                new DirectorConfig.Probing(
                        1, // nobody answers: all hops are equally unreachable
                        Duration.ofMillis(500),
                        Duration.ofMillis(200),
                        new HopHealth.Thresholds(3, 2)),
                Duration.ofSeconds(1),
                PoolState.MAX_HOPS);
    }

    private Path announced() {
        return directory.resolve("announced");
    }

    private Path pins() {
        return directory.resolve("pins");
    }

    private ClusterStore.Target target() {
        return new ClusterStore.Target(zookeeper.getConnectString(), "test");
    }

    private void write(PoolState next) throws Exception {
        if (!(store.pools().read("web") instanceof Seen.Value<PoolState> seen)) {
            throw new AssertionError("no pool");
        }
        assertThat(store.pools().compareAndSet(next, seen.version())).isTrue();
    }

    private DirectorRecord directorRecord() throws Exception {
        return store.members().readDirector("d1") instanceof Seen.Value<DirectorRecord> seen
                ? seen.value()
                : new DirectorRecord("d1", Address.parse("198.18.11.2"), Map.of(), false);
    }
}
