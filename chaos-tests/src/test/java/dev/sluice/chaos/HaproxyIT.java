package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.process.JavaCommand;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.HttpConnection;
import dev.sluice.lab.traffic.Load;
import dev.sluice.testing.Needs;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The redirect in front of an L7 server that is not ours. */
@Tag("cluster")
class HaproxyIT {
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final int CLIENTS = 8;

    private static TestCluster cluster;
    private static HaproxyHosts hosts;
    private static ClientHost clients;

    @BeforeAll
    static void start() throws IOException, LabException {
        Needs.met(HaproxyHosts.isInstalled(), "apt-get install haproxy");
        cluster = TestCluster.start(TestCluster.spec("haproxyit"));
        clients = cluster.lab().clients();
        hosts = new HaproxyHosts(cluster.lab());
        for (Node proxy : cluster.lab().topology().nodes(Role.PROXY)) {
            hosts.replace(proxy);
            cluster.await(proxy + " to serve by HAProxy", () -> isServedByHaproxy(proxy));
        }
        cluster.awaitSteady();
    }

    @AfterAll
    static void end() throws IOException, LabException {
        if (hosts != null) {
            hosts.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Only a redirect without an engine of ours serves no configuration. */
    private static boolean isServedByHaproxy(Node proxy) throws IOException {
        return cluster.operator()
                .look()
                .flatMap(view -> view.proxy(proxy.name()))
                .filter(p -> p.healthy() && p.revision() == 0)
                .isPresent();
    }

    @Test
    void keepsAPinnedConnectionThroughADrain() throws Exception {
        try (Load load = Load.start(clients, CLIENTS, PAUSE);
                Download download = Download.start(clients, 24_000_000, 1, 3_000_000)) {
            String proxy = download.servedBy();
            long secondChances = cluster.lab().counters().proxies(RedirectCounter.SECOND_CHANCE);
            cluster.drain(proxy);
            cluster.await("the drain's commit", () -> cluster.view().hasLeft(proxy));
            long left = System.nanoTime();
            assertThat(download.outcome()).isNotDone();

            Download.Outcome outcome = download.outcome().get(60, TimeUnit.SECONDS);
            assertThat(outcome.message()).isEqualTo("SHA-256 right");
            assertThat(cluster.lab().counters().proxies(RedirectCounter.SECOND_CHANCE))
                    .isGreaterThan(secondChances);
            cluster.await(
                    "the drain's end",
                    () -> cluster.view().proxy(proxy).orElseThrow().state().equals("DRAINED"));
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
            assertThat(load.tally().visitsSince(left)).doesNotContainKey(proxy).hasSize(2);
            cluster.fill(proxy);
        }
    }

    @Test
    void countsItsConnectionsByTheKernelsSockets() throws Exception {
        try (HttpConnection connection = clients.connect()) {
            String proxy = connection.get("/").servedBy();

            cluster.await(
                    proxy + " to report the connection",
                    () -> cluster.view().proxy(proxy).orElseThrow().connections() > 0);
        }
    }

    @Test
    void everyDirectorExplainsWhereAFlowGoes() throws Exception {
        for (Node director : cluster.lab().topology().nodes(Role.DIRECTOR)) {
            assertThat(cluster.lab().exec(director, trace(director, "203.0.113.10:80"))).isZero();
            // Port 81 is no pool's: left to the kernel, and no disagreement.
            assertThat(cluster.lab().exec(director, trace(director, "203.0.113.10:81"))).isZero();
        }
    }

    private static List<String> trace(Node director, String vip) {
        String config = cluster.lab().directory().config(director).toString();
        return JavaCommand.ofThisProcess("dev.sluice.launcher.Main")
                .line(List.of("director", "trace", "--config", config, "198.19.0.9:40000", vip));
    }
}
