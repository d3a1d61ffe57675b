package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;
import dev.sluice.lab.Role;
import dev.sluice.lab.Topology;
import dev.sluice.lab.traffic.ClientHost;
import dev.sluice.lab.traffic.Download;
import dev.sluice.lab.traffic.HttpConnection;
import dev.sluice.lab.traffic.Load;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What an operator asks directors, and how a packet's row is chosen changed under traffic. */
@Tag("cluster")
class DirectorToolsIT {
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final int CLIENTS = 16;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static TestCluster cluster;
    private static Lab lab;
    private static ClientHost clients;

    @BeforeAll
    static void start() throws IOException, LabException {
        cluster = TestCluster.start(TestCluster.spec("toolsit"));
        lab = cluster.lab();
        clients = lab.clients();
        // A director that began ahead of a proxy has put it behind others for a moment.
        cluster.await("every director to reach every proxy", DirectorToolsIT::hasNoProblems);
    }

    private static boolean hasNoProblems() {
        OperatorCommand status = OperatorCommand.run(lab, "status", "-o", "json");
        return status.exitCode() == 0 && JSON.readTree(status.output()).get("problems").isEmpty();
    }

    @AfterAll
    static void end() throws IOException, LabException {
        if (cluster != null) {
            cluster.close();
        }
    }

    static Stream<Arguments> bothVersionsOfIp() {
        return Stream.of(
                Arguments.of(clients, Topology.VIP), Arguments.of(lab.clients6(), Topology.VIP6));
    }

    @ParameterizedTest
    @MethodSource("bothVersionsOfIp")
    void everyDirectorExplainsWhereAFlowGoes(ClientHost clients, String vip) throws Exception {
        try (HttpConnection connection = clients.connect()) {
            String servedBy = connection.get("/").servedBy();
            HostPort destination = new HostPort(Address.parse(vip), Topology.HTTP_PORT);

            OperatorCommand trace =
                    OperatorCommand.run(
                            lab,
                            "trace",
                            text(connection.source()),
                            destination.toString(),
                            "-o",
                            "json");

            assertThat(trace.exitCode()).as(trace.output()).isZero();
            JsonNode directors = JSON.readTree(trace.output()).get("directors");
            assertThat(directors).hasSameSizeAs(lab.topology().nodes(Role.DIRECTOR));
            JsonNode first = directors.get(0).get("trace");
            for (JsonNode director : directors) {
                JsonNode found = director.get("trace");
                assertThat(found.get("verdict").asString()).isEqualTo("forwarded");
                assertThat(found.get("disagreements")).isEmpty();
                assertThat(found.get("bind").asString()).isEqualTo(destination + "/tcp");
                assertThat(found.get("chain").get(0).get("proxy").asString()).isEqualTo(servedBy);
                assertThat(found.get("chain").get(0).get("why").asString()).startsWith("first of");
                assertThat(found.get("hash")).isEqualTo(first.get("hash"));
                assertThat(found.get("row")).isEqualTo(first.get("row"));
                assertThat(found.get("chain")).isEqualTo(first.get("chain"));
            }
        }
    }

    private static String text(InetSocketAddress client) {
        Address address = Address.of(client.getAddress().getAddress());
        return new HostPort(address, client.getPort()).toString();
    }

    @Test
    void tracesWhatNoBindMatches() {
        OperatorCommand nobody =
                OperatorCommand.run(lab, "trace", "198.19.0.9:4000", Topology.VIP + ":81");
        assertThat(nobody.exitCode()).as(nobody.output()).isZero();
        assertThat(nobody.output()).contains("pass_no_bind: no bind matches");
    }

    @Test
    void directorsTellWhatTheyCountedAndShowPackets() throws Exception {
        Node director = lab.node("director-1");
        Path file = Files.createTempFile("sluice-capture", ".pcapng");
        try (Load load = Load.start(clients, CLIENTS, PAUSE)) {
            String told =
                    lab.run(
                            director,
                            List.of(
                                    "capture",
                                    "--config",
                                    lab.directory().config(director).toString(),
                                    "--verdict",
                                    "forwarded",
                                    "--count",
                                    "5",
                                    "-w",
                                    file.toString(),
                                    "-o",
                                    "json"));
            assertThat(told).contains("\"captured\":5,");
            load.stop();
        }
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                .contains("verdict forwarded; pool web; bind " + Topology.VIP + ":")
                .contains("; chain 198.18.");
        Files.delete(file);

        OperatorCommand wide = OperatorCommand.run(lab, "directors", "-o", "wide");
        assertThat(wide.exitCode()).as(wide.output()).isZero();
        assertThat(wide.output())
                .contains("director-1", "director-2", "FIRST HOP")
                .containsPattern("web +forwarded +[1-9]")
                .containsPattern(Topology.VIP + ":80/tcp +[1-9]");
    }

    @Test
    void changesHashFieldsUnderTrafficWithoutCuttingAConnection() throws Exception {
        try (Load load = Load.start(clients, CLIENTS, PAUSE)) {
            List<Download> downloads = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                downloads.add(Download.start(clients, 4_000_000, i, 1_000_000));
            }
            awaitHashFields("source-address");
            for (Download download : downloads) {
                Download.Outcome outcome = download.outcome().get(60, TimeUnit.SECONDS);
                assertThat(outcome.message()).isEqualTo("SHA-256 right");
            }
            // Refused until the change before has come to its end, so this waits for that.
            awaitHashFields("source-address", "destination-address", "source-port");
            load.stop();
            assertThat(load.tally().failures()).isEmpty();
            assertThat(load.tally().visits()).hasSizeGreaterThan(50);
        }
        // Until then a new flow may still be served by whoever the fields of before lead to.
        cluster.awaitSteady();
        assertThat(lab.counters().proxies(RedirectCounter.KEPT_LAST_RESORT)).isZero();
    }

    private static void awaitHashFields(String... fields) throws IOException {
        List<String> line = new ArrayList<>(List.of("pool", "hash-fields"));
        line.addAll(List.of(fields));
        cluster.await(
                "hash fields " + Arrays.toString(fields),
                () -> OperatorCommand.run(lab, line.toArray(String[]::new)).exitCode() == 0);
    }
}
