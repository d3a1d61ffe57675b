package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.Await;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Node;
import dev.sluice.lab.Topology;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.Load;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Three controllers and a ZooKeeper ensemble of three: faults of theirs in the middle of a drain.
 * Each test drains the proxy of a running download, and leaves the cluster whole.
 */
@Tag("cluster")
class ControlPlaneIT {
    private static final LabSpec SPEC = TestCluster.spec("planeit", new Topology(3, 3, 2, 3, 2));
    private static final Duration PAUSE = Duration.ofMillis(60);
    private static final int CLIENTS = 8;

    /** ZooKeeper forgets a leader that it does not hear for ten seconds. */
    private static final Duration PAST_THE_SESSION = Duration.ofSeconds(12);

    private static TestCluster cluster;
    private static Lab lab;
    private static ClientHost clients;
    private Load load;
    private Download download;

    @BeforeAll
    static void start() throws IOException, LabException {
        cluster = TestCluster.start(SPEC);
        lab = cluster.lab();
        clients = lab.clients();
    }

    @AfterAll
    static void end() throws IOException, LabException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void startTraffic() throws IOException {
        load = Load.start(clients, CLIENTS, PAUSE);
        download = Download.start(clients, 60_000_000, 1, 2_000_000);
    }

    @AfterEach
    void nothingBrokeAndAllIsWholeAgain() throws Exception {
        assertThat(download.outcome()).as("a download that outlives the fault").isNotDone();
        download.close();
        cluster.await("the drain's end", () -> state().equals("DRAINED"));
        cluster.fill(download.servedBy());
        load.stop();
        assertThat(load.tally().requests()).isGreaterThan(50);
        assertThat(load.tally().failures()).isEmpty();
    }

    @Test
    void anotherControllerFinishesTheDrainOfALeaderThatDies() throws Exception {
        Node leader = leader();
        cluster.drain(download.servedBy());
        long generation = cluster.view().generation();
        lab.killProcess(leader);
        long killed = System.nanoTime();
        awaitCommit();
        cluster.progress()
                .step("committed %d ms after the leader's death".formatted(millisSince(killed)));
        awaitLeaderOtherThan(leader);
        assertThat(cluster.view().generation()).isGreaterThan(generation);
        lab.start(leader);
        assertStillDownloading();
    }

    @Test
    void theDrainGoesOnWhenZooKeepersLeaderDies() throws Exception {
        cluster.await("a leader of ZooKeeper", () -> lab.ensemble().leader().isPresent());
        Node leader = lab.ensemble().leader().orElseThrow();
        cluster.drain(download.servedBy());
        lab.killProcess(leader);
        awaitCommit();
        Optional<Node> next = lab.ensemble().leader();
        assertThat(next).isPresent().isNotEqualTo(Optional.of(leader));
        lab.start(leader);
        cluster.await(leader + " to follow", () -> lab.ensemble().mode(leader).equals("follower"));
        assertStillDownloading();
    }

    @Test
    void aLeaderThatSleepsPastItsSessionLeadsNoMore() throws Exception {
        Node leader = leader();
        lab.pause(leader);
        Await.pause(PAST_THE_SESSION);
        cluster.reconnect();
        cluster.drain(download.servedBy());
        awaitCommit();
        Node next = awaitLeaderOtherThan(leader);
        long generation = cluster.view().generation();

        lab.resume(leader);
        cluster.await(
                leader + " to see who leads now",
                () -> cluster.leaderAccordingTo(leader).equals(next.name()));
        assertThat(cluster.view().generation()).as("nothing was undone").isEqualTo(generation);
        assertThat(cluster.view().newest()).doesNotContain(download.servedBy());
        assertStillDownloading();
    }

    private static Node leader() throws IOException, LabException {
        cluster.await("a leader", () -> !cluster.view().leader().isEmpty());
        return lab.node(cluster.view().leader());
    }

    private static Node awaitLeaderOtherThan(Node old) throws IOException, LabException {
        cluster.await(
                "another leader",
                () ->
                        cluster.operator()
                                .look()
                                .map(view -> view.leader())
                                .filter(id -> !id.isEmpty() && !id.equals(old.name()))
                                .isPresent());
        return lab.node(cluster.view().leader());
    }

    private void awaitCommit() throws IOException {
        cluster.await(
                "the drain's commit",
                () ->
                        cluster.operator()
                                .look()
                                .filter(view -> view.hasLeft(download.servedBy()))
                                .isPresent());
    }

    private void assertStillDownloading() throws Exception {
        long received = download.received();
        cluster.await("more of the download", () -> download.received() > received);
    }

    private String state() {
        return cluster.view().proxy(download.servedBy()).orElseThrow().state();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
