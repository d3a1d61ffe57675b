package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.lab.Cluster.Cut;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Topology;
import dev.sluice.lab.fabric.HostNamespace;
import dev.sluice.lab.process.Command;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/** Every fault does what it says, and is undone without a trace. */
@Tag("cluster")
class ImpairmentsIT {
    private static final int PATIENCE_MS = 700;
    private static final Path HASH_SEED = Path.of("/proc/sys/net/ipv4/fib_multipath_hash_seed");

    private static TestCluster cluster;
    private static Lab lab;
    private static Node server;

    @BeforeAll
    static void start() throws IOException, LabException {
        cluster = TestCluster.start(TestCluster.spec("impairit", Topology.of(1, 1, 1)));
        lab = cluster.lab();
        server = lab.node("upstream-1");
    }

    @AfterAll
    static void end() throws IOException, LabException {
        if (cluster != null) {
            LabDirectory directory = lab.directory();
            cluster.close();
            assertThat(Files.readString(Path.of("/proc/self/mounts")))
                    .as("disks")
                    .doesNotContain(directory.root().toString());
        }
    }

    @AfterEach
    void everyPacketPassesAgain() throws Exception {
        lab.heal(server);
        assertThat(connect()).isLessThan(Duration.ofMillis(PATIENCE_MS));
    }

    @Test
    void aCutLosesPacketsEitherWayAndTellsNobody() throws Exception {
        for (Cut cut : new Cut[] {Cut.BOTH, Cut.TO_NODE, Cut.FROM_NODE}) {
            lab.cut(server, cut);
            assertThatThrownBy(ImpairmentsIT::connect)
                    .as(cut.name())
                    .hasRootCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void theRouterTakesASilentDirectorOutUntilItIsHeard() throws Exception {
        Node director = lab.node("director-1");
        for (Cut cut : new Cut[] {Cut.BOTH, Cut.TO_NODE, Cut.FROM_NODE}) {
            lab.cut(director, cut);
            cluster.await("the router to notice " + cut, () -> nextHops().isEmpty());
            lab.heal(director);
            cluster.await("the router to hear it again", () -> !nextHops().isEmpty());
        }
    }

    /** The router's, for the VIP. */
    private static String nextHops() throws IOException {
        String router = lab.directory().namespace(lab.topology().router());
        return Command.require("ip", "-n", router, "route", "show", Topology.VIP);
    }

    @Test
    void theRouterHashesFlowsByAnySeed() throws Exception {
        HostNamespace router =
                new HostNamespace(lab.directory().namespace(lab.topology().router()));
        for (int seed : new int[] {7, -7}) {
            lab.reshuffle(seed);
            assertThat(router.call(ImpairmentsIT::hashSeed))
                    .isEqualTo(Integer.toUnsignedString(seed));
        }
    }

    /** In one read: a number under /proc/sys has no second part. */
    private static String hashSeed() throws IOException {
        try (BufferedReader file = Files.newBufferedReader(HASH_SEED)) {
            return file.readLine();
        }
    }

    @Test
    void lossOfEverythingLosesEverything() throws Exception {
        lab.impair(server, 100, Duration.ZERO);
        assertThatThrownBy(ImpairmentsIT::connect)
                .hasRootCauseInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void delayMakesEveryPacketLate() throws Exception {
        lab.impair(server, 0, Duration.ofMillis(150));
        cluster.await(
                "the line to be longer", () -> connect().compareTo(Duration.ofMillis(150)) >= 0);
    }

    @Test
    void aFullDiskTakesNoByteUntilItIsFreed() throws Exception {
        Path file = lab.directory().state(server).resolve("one-more");
        lab.fillDisk(server);
        assertThatThrownBy(() -> Files.writeString(file, "x".repeat(4096)))
                .hasMessageContaining("No space left");
        assertThatThrownBy(() -> lab.fillDisk(server))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("full already");
        lab.freeDisk(server);
        Files.writeString(file, "x");
        Files.delete(file);
        assertThatThrownBy(() -> lab.freeDisk(server)).isInstanceOf(LabException.class);
    }

    @Test
    void aClockIsMovedOnlyWhereItCanBe() throws Exception {
        Node proxy = lab.node("proxy-1");
        assertThatThrownBy(() -> lab.jumpClock(proxy, Duration.ofHours(1)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("cannot be moved");
        lab.startWithMovableClock(proxy);
        cluster.awaitSteady();
        long lines = Files.readAllLines(lab.log(proxy)).size();
        lab.jumpClock(proxy, Duration.ofHours(6));
        lab.killProcess(proxy);
        lab.start(proxy);
        cluster.await(
                "a line of its log in six hours",
                () ->
                        Files.readAllLines(lab.log(proxy)).stream()
                                .skip(lines)
                                .anyMatch(ImpairmentsIT::isInSixHours));
        cluster.awaitSteady();
        lab.jumpClock(proxy, Duration.ZERO);
    }

    @Test
    void aProcessThatEndsAtOnceIsNoStart() throws Exception {
        Node proxy = lab.node("proxy-1");
        Path config = lab.directory().config(proxy);
        String good = Files.readString(config);
        lab.killProcess(proxy);
        Files.writeString(config, good + "nonsense: 1\n");
        try {
            lab.start(proxy);
            assertThatThrownBy(() -> lab.awaitStart(proxy, Duration.ofMinutes(1)))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("ended with 2")
                    .hasMessageContaining("nonsense");
        } finally {
            Files.writeString(config, good);
            lab.start(proxy);
        }
        lab.awaitStart(proxy, Duration.ofSeconds(2));
        assertThat(lab.isAlive(proxy)).isTrue();
        cluster.awaitSteady();
    }

    /** The hour with which a line of the log begins, or the hour before. */
    private static boolean isInSixHours(String line) {
        LocalTime then = LocalTime.now(ZoneId.systemDefault()).plusHours(6);
        return line.startsWith("%02d:".formatted(then.getHour()))
                || line.startsWith("%02d:".formatted(then.minusHours(1).getHour()));
    }

    /** How long it takes from the clients' host. */
    private static Duration connect() throws IOException {
        Node client = lab.topology().client();
        return new HostNamespace(lab.directory().namespace(client))
                .call(() -> {
                    long start = System.nanoTime();
                    try (Socket socket = new Socket()) {
                        socket.connect(
                                new InetSocketAddress(server.address(), Topology.UPSTREAM_PORT),
                                PATIENCE_MS);
                    }
                    return Duration.ofNanos(System.nanoTime() - start);
                });
    }
}
