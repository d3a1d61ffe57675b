package dev.sluice.chaos.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Node;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Role;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.Load;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The compose file's cluster of sixteen containers, and what must not hurt its clients. */
@Tag("cluster")
class ContainersIT {
    private static final int CLIENTS = 8;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private static ContainerStart start;
    private static ContainerCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        start = ContainerStart.run(new Progress(System.out));
        cluster = start.cluster();
    }

    @AfterAll
    static void end() {
        if (start != null) {
            start.close();
        }
    }

    private static Download pinned() throws IOException {
        return Download.start(cluster.clients(), 12_000_000, 1, 2_000_000);
    }

    private static void assertWhole(Download download) throws Exception {
        assertThat(download.outcome().get(60, TimeUnit.SECONDS).isWhole()).isTrue();
    }

    @Test
    void keepsAPinnedDownloadThroughADrain() throws Exception {
        try (Load load = Load.start(cluster.clients(), CLIENTS, PAUSE);
                Download download = pinned()) {
            String proxy = download.servedBy();
            start.operator().drain(proxy);
            start.await("the drain", () -> start.operator().look().orElseThrow().hasLeft(proxy));
            assertThat(download.outcome()).isNotDone();
            assertWhole(download);
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
            start.await(
                    "the drain's end",
                    () ->
                            start.operator()
                                    .look()
                                    .flatMap(view -> view.proxy(proxy))
                                    .filter(p -> p.state().equals("DRAINED"))
                                    .isPresent());
            start.operator().fill(proxy);
        }
        start.awaitWhole();
    }

    @Test
    void keepsConnectionsWhenADirectorsHostDies() throws Exception {
        Node director = cluster.topology().nodes(Role.DIRECTOR).getFirst();
        try (Load load = Load.start(cluster.clients(), CLIENTS, PAUSE);
                Download download = pinned()) {
            cluster.killHost(director);
            assertWhole(download);
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
        } finally {
            cluster.start(director);
        }
        start.awaitWhole();
    }

    @Test
    void losesOnlyItsOwnConnectionsWhenAProxyIsKilled() throws Exception {
        try (Load load = Load.start(cluster.clients(), CLIENTS, PAUSE);
                Download one = pinned();
                Download other = pinnedElsewhere(one)) {
            Node proxy = cluster.node(one.servedBy());
            cluster.killProcess(proxy);
            assertWhole(other);
            start.await("the failover", () -> isOut(proxy));
            long out = System.nanoTime();
            start.await("visits afterwards", () -> visits(load, out) > 100);
            load.stop();
            assertThat(load.tally().visitsSince(out)).doesNotContainKey(proxy.name());
            assertThat(one.outcome().get(60, TimeUnit.SECONDS).isWhole()).isFalse();
            cluster.start(proxy);
        }
        start.awaitWhole();
    }

    private static Download pinnedElsewhere(Download one) throws IOException {
        while (true) {
            Download other = pinned();
            if (!other.servedBy().equals(one.servedBy())) {
                return other;
            }
            other.close();
        }
    }

    private static boolean isOut(Node proxy) throws IOException {
        return start.operator()
                .look()
                .filter(view -> !view.newest().contains(proxy.name()))
                .isPresent();
    }

    private static long visits(Load load, long since) {
        return load.tally().visitsSince(since).values().stream().mapToLong(Number::longValue).sum();
    }

    @Test
    void servesAndChangesWhileTheLeaderOfZooKeeperIsPaused() throws Exception {
        Node proxy = cluster.topology().nodes(Role.PROXY).getLast();
        Node leader = cluster.ensemble().leader().orElseThrow();
        cluster.pause(leader);
        try (Load load = Load.start(cluster.clients(), CLIENTS, PAUSE)) {
            start.await(
                    "another leader",
                    () -> cluster.ensemble().leader().filter(n -> !n.equals(leader)).isPresent());
            start.await("a drain", () -> isAccepted(() -> start.operator().drain(proxy.name())));
            start.await("its end", () -> isOut(proxy));
            start.await("a fill", () -> isAccepted(() -> start.operator().fill(proxy.name())));
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
        } finally {
            cluster.resume(leader);
        }
        start.awaitWhole();
    }

    private interface Change {
        void ask() throws IOException;
    }

    /** Refused until everybody knows the change before. */
    private static boolean isAccepted(Change change) {
        try {
            change.ask();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
