package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabCertificate;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.HttpConnection;
import dev.sluice.lab.traffic.Load;
import dev.sluice.lab.traffic.Tally;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** One cluster, one fault after the other; each test leaves it whole. */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
    private static final LabSpec SPEC = TestCluster.spec("clusterit");
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final int CLIENTS = 16;
    private static final int ADDRESSES = 128;
    private static final int GUE_PORT = 19_523;

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

    static Stream<ClientHost> bothVersionsOfIp() {
        return Stream.of(clients, lab.clients6());
    }

    @ParameterizedTest
    @MethodSource("bothVersionsOfIp")
    @Order(1)
    void connectsFromManyAddressesToEveryProxy(ClientHost clients) throws Exception {
        Set<String> addresses = new HashSet<>();
        Set<String> proxies = new HashSet<>();
        for (int i = 0; i < ADDRESSES; i++) {
            try (HttpConnection connection = clients.connect()) {
                HttpConnection.Response response = connection.get("/echo");
                assertThat(response.status()).isEqualTo(200);
                String address = connection.client();
                assertThat(text(response)).contains("X-forwarded-for: " + address + "\n");
                addresses.add(address);
                proxies.add(response.servedBy());
            }
        }
        assertThat(addresses).hasSizeGreaterThanOrEqualTo(64);
        assertThat(proxies).hasSize(3);
    }

    @Test
    @Order(2)
    void streamsWithoutLosingAByte() throws Exception {
        List<Download> downloads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            downloads.add(Download.start(clients, 20_000_000, i, 0));
        }
        for (Download download : downloads) {
            assertWhole(download);
        }
    }

    @Test
    @Order(3)
    void terminatesTls() throws Exception {
        SSLContext trusting = LabCertificate.trust(lab.directory());
        for (int i = 0; i < 10; i++) {
            try (HttpConnection connection = clients.connectTls(trusting)) {
                HttpConnection.Response response = connection.get("/echo");
                assertThat(text(response)).contains("X-forwarded-proto: https");
                assertThat(text(connection.get("/"))).startsWith("upstream-");
            }
        }
        assertThatThrownBy(() -> clients.connectTls(SSLContext.getDefault()))
                .isInstanceOf(SSLException.class);
    }

    /** Of its clients' version of IP is all the load, and the connection that is pinned. */
    @ParameterizedTest
    @MethodSource("bothVersionsOfIp")
    @Order(4)
    void keepsAPinnedConnectionThroughADrain(ClientHost clients) throws Exception {
        try (Load load = startLoad(clients);
                Download download = Download.start(clients, 24_000_000, 1, 3_000_000)) {
            String proxy = download.servedBy();
            long secondChances = lab.counters().proxies(RedirectCounter.SECOND_CHANCE);
            cluster.drain(proxy);
            cluster.await("the drain's commit", () -> cluster.view().hasLeft(proxy));
            long left = System.nanoTime();
            assertThat(download.outcome()).isNotDone();

            assertWhole(download);
            assertThat(lab.counters().proxies(RedirectCounter.SECOND_CHANCE))
                    .isGreaterThan(secondChances);
            cluster.await("the drain's end", () -> state(proxy).equals("DRAINED"));
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
            assertThat(load.tally().visitsSince(left)).doesNotContainKey(proxy).hasSize(2);

            cluster.fill(proxy);
            long filled = System.nanoTime();
            try (Load after = startLoad(clients)) {
                cluster.await(
                        proxy + " to serve again",
                        () -> after.tally().visitsSince(filled).containsKey(proxy));
            }
        }
    }

    @Test
    @Order(4)
    void cutsWhatIsLeftOfADrainWhenItsDeadlinePasses() throws Exception {
        List<Download> downloads = slowDownloads(8);
        String proxy = downloads.getFirst().servedBy();
        cluster.drain(proxy, Duration.ofSeconds(2));
        cluster.await("the drain's end", () -> state(proxy).equals("DRAINED"));

        for (Download download : downloads) {
            if (download.servedBy().equals(proxy)) {
                assertThat(download.outcome().get(60, TimeUnit.SECONDS).isWhole()).isFalse();
            } else {
                assertWhole(download);
            }
        }
        cluster.fill(proxy);
    }

    @Test
    @Order(5)
    void losesNoPacketWhileADirectorsProcessDiesAndReturns() throws Exception {
        Node director = lab.topology().nodes(Role.DIRECTOR).getFirst();
        PacketBalance balance = PacketBalance.start(lab);
        try (Load load = startLoad();
                Download download = Download.start(clients, 12_000_000, 2, 3_000_000)) {
            awaitVisits(load, 50);
            lab.killProcess(director);
            assertThat(lab.isAlive(director)).isFalse();
            long forwarded = forwarded(director);
            awaitVisits(load, 150);
            assertThat(forwarded(director)).as("forwarded while dead").isGreaterThan(forwarded);

            lab.start(director);
            awaitPresent(director);
            awaitVisits(load, 50);
            assertWhole(download);
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
        }
        balance.assertNothingLost();
    }

    @Test
    @Order(6)
    void breaksNoConnectionWhenADirectorsHostIsLost() throws Exception {
        Node director = lab.topology().nodes(Role.DIRECTOR).getLast();
        try (Load load = startLoad()) {
            List<Download> downloads = slowDownloads(6);
            awaitVisits(load, 50);
            lab.killHost(director);
            awaitVisits(load, 150);
            for (Download download : downloads) {
                assertWhole(download);
            }
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
        } finally {
            lab.start(director);
        }
    }

    @Test
    @Order(7)
    void onlyTheConnectionsOfADeadProxyBreak() throws Exception {
        List<Download> downloads = slowDownloads(12);
        Node victim = lab.node(downloads.getFirst().servedBy());
        Map<Boolean, List<Download>> byVictim =
                downloads.stream()
                        .collect(
                                Collectors.partitioningBy(d -> d.servedBy().equals(victim.name())));
        try (Load load = startLoad()) {
            awaitVisits(load, 50);
            long killed = System.nanoTime();
            lab.killProcess(victim);
            cluster.await(
                    "every director to go without it", () -> cluster.view().hasLeft(victim.name()));
            long over = System.nanoTime();
            cluster.await("connections after that", () -> countSince(load.tally(), over) > 100);
            load.stop();
            assertFailuresAreOf(victim, killed, over, load.tally());
            assertThat(load.tally().visitsSince(over)).doesNotContainKey(victim.name());
        } finally {
            lab.start(victim);
        }
        for (Download download : byVictim.getOrDefault(false, List.of())) {
            assertWhole(download);
        }
        for (Download download : byVictim.getOrDefault(true, List.of())) {
            assertThat(download.outcome().get(60, TimeUnit.SECONDS).isWhole()).isFalse();
        }
    }

    @Test
    @Order(8)
    void servesOnWithoutAController() throws Exception {
        Node control = lab.node("control-1");
        try (Load load = startLoad()) {
            long generation = cluster.view().generation();
            lab.killProcess(control);
            awaitVisits(load, 150);
            lab.start(control);
            cluster.await("the controller to return", () -> cluster.operator().look().isPresent());
            cluster.awaitSteady();
            assertThat(cluster.view().generation()).isEqualTo(generation);
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
        }
    }

    @Test
    @Order(9)
    void swapsTheConfigurationUnderLoad() throws Exception {
        Path file = lab.directory().root().resolve("config").resolve("l7.yaml");
        String text = Files.readString(file);
        Path next = file.resolveSibling("next.yaml");
        try (Load load = startLoad();
                Download download = Download.start(clients, 24_000_000, 3, 3_000_000)) {
            awaitVisits(load, 50);
            for (int i = 0; i < 3; i++) {
                Files.writeString(next, text + "\n# revision " + i + "\n");
                apply(next);
                assertThat(i > 0 || !download.outcome().isDone()).isTrue();
            }
            Files.writeString(next, text.replace("path: /\n", "path: /bytes\n"));
            apply(next);
            try (HttpConnection connection = clients.connect()) {
                assertThat(connection.get("/elsewhere").status()).isEqualTo(404);
            }
            apply(file);
            assertWhole(download);
            load.stop();
            assertThat(load.tally().failures())
                    .allSatisfy(f -> assertThat(f.message()).isEqualTo("status 404"));
        }
    }

    @Test
    @Order(10)
    void aSecondLabOfThatNameIsRefused() {
        assertThatThrownBy(() -> TestCluster.launch(SPEC))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("A lab is up already, with 2 directors and 3 proxies");
        assertThat(lab.topology().nodes(Role.PROXY))
                .allSatisfy(proxy -> assertThat(lab.isAlive(proxy)).isTrue());
    }

    @Test
    @Order(11)
    void commandsRunOnANodeWithItsExitCode() throws Exception {
        Node client = lab.topology().client();
        assertThat(lab.exec(client, List.of("sh", "-c", "exit 7"))).isEqualTo(7);
        String look = "ip route get " + Topology.VIP + " > /dev/null";
        assertThat(lab.exec(client, List.of("sh", "-c", look))).isZero();
        assertThatThrownBy(() -> lab.node("proxy-9"))
                .hasMessageContaining("no node 'proxy-9'")
                .hasMessageContaining("proxy-3");
    }

    @Test
    @Order(12)
    void dropsEncapsulatedPacketsThatNoMemberSent() throws Exception {
        Node proxy = lab.node("proxy-1");
        String send = "echo stray > /dev/udp/" + proxy.address() + "/" + GUE_PORT;
        long before = refused(proxy);
        cluster.await(
                "a stranger's packet to be refused",
                () -> {
                    lab.exec(lab.topology().client(), List.of("bash", "-c", send));
                    return refused(proxy) > before;
                });
    }

    private static long refused(Node proxy) {
        return lab.counters().ofProxy(proxy).getOrDefault(RedirectCounter.DROP_SOURCE, 0L);
    }

    private static void apply(Path file) throws IOException {
        long revision = cluster.operator().applyConfig(file);
        cluster.await(
                "every proxy to serve the new revision",
                () -> cluster.view().proxies().stream().allMatch(p -> p.revision() == revision));
    }

    private static Load startLoad() {
        return startLoad(clients);
    }

    private static Load startLoad(ClientHost clients) {
        return Load.start(clients, CLIENTS, PAUSE);
    }

    /** Together about four seconds long, spread over the proxies. */
    private static List<Download> slowDownloads(int count) throws IOException {
        List<Download> downloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            downloads.add(Download.start(clients, 1_200_000, 100 + i, 300_000));
        }
        return downloads;
    }

    private static void assertWhole(Download download) throws Exception {
        Download.Outcome outcome = download.outcome().get(60, TimeUnit.SECONDS);
        assertThat(outcome.message()).isEqualTo("SHA-256 right");
        assertThat(outcome.received()).isEqualTo(download.length());
    }

    /**
     * @param over when new connections had to succeed again
     */
    private static void assertFailuresAreOf(Node victim, long killed, long over, Tally tally) {
        for (Tally.Failure failure : tally.failures()) {
            if (failure.openedNanos() - killed < 0) {
                assertThat(failure.proxy()).as(failure.toString()).isIn(victim.name(), "");
            } else {
                assertThat(failure.openedNanos() - over).as(failure.toString()).isNegative();
            }
        }
    }

    private static long countSince(Tally tally, long nanos) {
        return tally.visitsSince(nanos).values().stream().mapToLong(Long::longValue).sum();
    }

    private static void awaitVisits(Load load, int more) throws IOException {
        int wanted = load.tally().visits().size() + more;
        cluster.await(more + " more connections", () -> load.tally().visits().size() >= wanted);
    }

    private static long forwarded(Node director) {
        return lab.counters().ofDirector(director).getOrDefault(DirectorCounter.FORWARDED, 0L);
    }

    private static void awaitPresent(Node director) throws IOException {
        cluster.await(
                director + " to be back",
                () ->
                        cluster.view().directors().stream()
                                .anyMatch(d -> d.id().equals(director.name()) && d.present()));
    }

    private static String state(String proxy) {
        return cluster.view().proxy(proxy).orElseThrow().state();
    }

    private static String text(HttpConnection.Response response) throws IOException {
        return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
}
