package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.Load;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Those who decide are gone for longer than a moment: what goes on, and what comes back. */
@Tag("cluster")
class OutageIT {
    private static final LabSpec SPEC = TestCluster.spec("outageit");
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final int CLIENTS = 16;

    private static TestCluster cluster;
    private static Lab lab;
    private static ClientHost clients;

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

    @AfterEach
    void isWholeAgain() throws IOException {
        cluster.awaitSteady();
    }

    /** The lab's controller embeds its ZooKeeper. */
    @Test
    void servesHealsAndRestartsWithoutControllersAndZooKeeper() throws Exception {
        List<Download> downloads = downloads(6, 6_000_000, 100_000);
        Node victim = lab.node(downloads.getFirst().servedBy());
        long generation = cluster.view().generation();
        long lastResorts = lab.counters().proxies(RedirectCounter.KEPT_LAST_RESORT);
        try (Load load = Load.start(clients, CLIENTS, PAUSE)) {
            for (Node control : lab.topology().nodes(Role.CONTROL)) {
                lab.killProcess(control);
            }
            awaitVisits(load, 50);
            for (Node director : lab.topology().nodes(Role.DIRECTOR)) {
                restartFromItsSnapshot(director);
            }
            awaitVisits(load, 50);
            assertThat(load.tally().failures()).isEmpty();

            lab.killProcess(victim);
            awaitNoneOf(victim, load);
            lab.start(victim);
            long restarted = System.nanoTime();
            cluster.await(
                    victim + " to serve again",
                    () -> load.tally().visitsSince(restarted).containsKey(victim.name()));
            assertThat(lab.counters().proxies(RedirectCounter.KEPT_LAST_RESORT))
                    .isEqualTo(lastResorts);

            for (Node control : lab.topology().nodes(Role.CONTROL)) {
                lab.start(control);
            }
            cluster.await("the controller to return", () -> cluster.operator().look().isPresent());
            cluster.awaitSteady();
            assertThat(cluster.view().generation()).isEqualTo(generation);
            awaitVisits(load, 50);
            load.stop();
            assertThat(load.tally().failures())
                    .allSatisfy(f -> assertThat(f.proxy()).isIn(victim.name(), ""))
                    .noneSatisfy(f -> assertThat(f.openedNanos()).isGreaterThan(restarted));
        }
        for (Download download : downloads) {
            if (!download.servedBy().equals(victim.name())) {
                assertWhole(download);
            }
        }
    }

    @Test
    void aDeadDirectorIsWithdrawnWhenAChangeComesAndAnnouncesItselfWhenItReturns()
            throws Exception {
        Node director = lab.topology().nodes(Role.DIRECTOR).getFirst();
        List<Download> downloads = downloads(6, 4_800_000, 300_000);
        String drained = downloads.getFirst().servedBy();
        long lastResorts = lab.counters().proxies(RedirectCounter.KEPT_LAST_RESORT);
        try (Load load = Load.start(clients, CLIENTS, PAUSE)) {
            lab.killProcess(director);
            awaitVisits(load, 50);
            assertThat(announced(director)).as("a current table goes on").exists();

            cluster.drain(drained);
            cluster.await("the withdrawal", () -> !Files.exists(announced(director)));
            cluster.await("that on record", () -> watchdogSays(director, "director.withdrawn"));
            cluster.await("the drain's commit", () -> !cluster.view().newest().contains(drained));
            awaitVisits(load, 50);
            for (Download download : downloads) {
                assertWhole(download);
            }
            cluster.await("the drain's end", () -> state(drained).equals("DRAINED"));

            lab.start(director);
            cluster.await("it to announce itself", () -> Files.exists(announced(director)));
            cluster.fill(drained);
            awaitVisits(load, 50);
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
        }
        assertThat(lab.counters().proxies(RedirectCounter.KEPT_LAST_RESORT)).isEqualTo(lastResorts);
    }

    /** Returns when the new process has announced what its snapshot says. */
    private static void restartFromItsSnapshot(Node director) throws IOException, LabException {
        lab.killProcess(director);
        long before = announcements(director);
        lab.start(director);
        cluster.await(
                director + " to announce its snapshot", () -> announcements(director) > before);
    }

    private static long announcements(Node director) throws IOException {
        return Files.readAllLines(lab.log(director)).stream()
                .filter(line -> line.contains(" announced "))
                .count();
    }

    private static boolean watchdogSays(Node director, String event) throws IOException {
        Path log = lab.directory().logs().resolve(director.name() + "-watchdog.log");
        return Files.readString(log).contains(event);
    }

    private static Path announced(Node director) {
        return lab.directory().announced().resolve(director.name());
    }

    private static void awaitNoneOf(Node victim, Load load) throws IOException {
        cluster.await(
                "connections that pass " + victim + " by",
                () -> {
                    List<String> last = load.tally().visits().stream().map(v -> v.proxy()).toList();
                    return last.size() > 100
                            && !last.subList(last.size() - 100, last.size())
                                    .contains(victim.name());
                });
    }

    private static List<Download> downloads(int count, long length, long rate) throws IOException {
        List<Download> downloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            downloads.add(Download.start(clients, length, 100 + i, rate));
        }
        return downloads;
    }

    private static void assertWhole(Download download) throws Exception {
        Download.Outcome outcome = download.outcome().get(90, TimeUnit.SECONDS);
        assertThat(outcome.message()).isEqualTo("SHA-256 right");
        assertThat(outcome.received()).isEqualTo(download.length());
    }

    private static void awaitVisits(Load load, int more) throws IOException {
        int wanted = load.tally().visits().size() + more;
        cluster.await(more + " more connections", () -> load.tally().visits().size() >= wanted);
    }

    private static String state(String proxy) {
        return cluster.view().proxy(proxy).orElseThrow().state();
    }
}
