package dev.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
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

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What an operator asks directors, and how a packet's row is chosen changed under traffic. */
@Tag("cluster")
class DirectorToolsIT {
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final int CLIENTS = 16;
    private static final String VIP6 = "2001:db8:f::10";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static TestCluster cluster;
    private static Lab lab;
    private static ClientHost clients;

    @BeforeAll
    static void start() throws IOException, LabException {
        cluster =
                TestCluster.start(
                        TestCluster.spec("toolsit").withBinds(List.of("[" + VIP6 + "]:80/tcp")));
        lab = cluster.lab();
        clients = lab.clients();
    }

    @AfterAll
    static void end() throws IOException, LabException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void everyDirectorExplainsWhereAFlowGoes() throws Exception {
        try (HttpConnection connection = clients.connect()) {
            String servedBy = connection.get("/").servedBy();
            String client =
                    connection.source().getAddress().getHostAddress()
                            + ":"
                            + connection.source().getPort();

            OperatorCommand trace =
                    OperatorCommand.run(lab, "trace", client, Topology.VIP + ":80", "-o", "json");

            assertThat(trace.exitCode()).as(trace.output()).isZero();
            JsonNode directors = JSON.readTree(trace.output()).get("directors");
            assertThat(directors).hasSameSizeAs(lab.topology().nodes(Role.DIRECTOR));
            for (JsonNode director : directors) {
                JsonNode found = director.get("trace");
                assertThat(found.get("verdict").asString()).isEqualTo("forwarded");
                assertThat(found.get("disagreements")).isEmpty();
                assertThat(found.get("chain").get(0).get("proxy").asString()).isEqualTo(servedBy);
                assertThat(found.get("chain").get(0).get("why").asString()).startsWith("first of");
                assertThat(found.get("row")).isEqualTo(directors.get(0).get("trace").get("row"));
            }
        }
    }

    @Test
    void everyDirectorExplainsAFlowOverIpv6() throws Exception {
        OperatorCommand trace =
                OperatorCommand.run(
                        lab, "trace", "[2001:db8:c::7]:40000", "[" + VIP6 + "]:80", "-o", "json");

        assertThat(trace.exitCode()).as(trace.output()).isZero();
        JsonNode directors = JSON.readTree(trace.output()).get("directors");
        assertThat(directors).hasSameSizeAs(lab.topology().nodes(Role.DIRECTOR));
        JsonNode first = directors.get(0).get("trace");
        assertThat(first.get("bind").asString())
                .isEqualTo(Bind.tcp(Address.parse(VIP6), 80).toString());
        assertThat(first.get("chain").get(0).get("proxy").asString()).startsWith("proxy-");
        assertThat(first.get("chain").get(0).get("address").asString()).startsWith("198.18.");
        for (JsonNode director : directors) {
            JsonNode found = director.get("trace");
            assertThat(found.get("verdict").asString()).isEqualTo("forwarded");
            assertThat(found.get("disagreements")).isEmpty();
            assertThat(found.get("hash")).isEqualTo(first.get("hash"));
            assertThat(found.get("chain")).isEqualTo(first.get("chain"));
        }
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
