package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.pcap.PcapWriter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.datapath.DirectorTrial;
import dev.sluice.datapath.Transmit;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.testing.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** {@code sluice glb packet} on GLB's own frames: what GLB's XDP program does with them. */
class GlbPacketTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Where GLB is quirky and Sluice is right instead: docs/glb.md. */
    private static final Set<String> OTHERWISE =
            Set.of(
                    "v4_frag_first",
                    "v4_frag_second_looks_bound",
                    "v4_icmp_time_exceeded",
                    "v4_ip_options",
                    "v4_vlan",
                    "v6_hopbyhop",
                    "v6_fraghdr");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"default_src_addr | src_addr", "src_addr_src_port | src_addr,src_port"})
    void doesWhatGlbDoes(String mode, String fields) throws IOException {
        requireBpf();
        List<JsonNode> packets = new ArrayList<>();
        JSON.readTree(resource("packets_xdp.json"))
                .get("modes")
                .get(mode)
                .get("packets")
                .forEach(packets::add);
        String[] frames = packets.stream().map(p -> p.get("in").asString()).toArray(String[]::new);

        JsonNode results = results(packet("--hash-fields", fields, frames));

        assertThat(results).hasSameSizeAs(packets);
        for (int i = 0; i < packets.size(); i++) {
            JsonNode packet = packets.get(i);
            String name = packet.get("name").asString();
            assertThat(results.get(i).get("in")).as(name).isEqualTo(packet.get("in"));
            if (!OTHERWISE.contains(name)) {
                assertThat(results.get(i).get("action")).as(name).isEqualTo(packet.get("action"));
                JsonNode expected = packet.has("out") ? packet.get("out") : packet.get("in");
                assertThat(results.get(i).get("out")).as(name).isEqualTo(expected);
                assertChain(packet, results.get(i));
            }
        }
    }

    private static void assertChain(JsonNode packet, JsonNode result) {
        if (!packet.has("decoded")) {
            assertThat(result.get("chain").isNull()).isTrue();
            assertThat(result.get("row").isNull()).isTrue();
            return;
        }
        JsonNode decoded = packet.get("decoded");
        assertThat(result.get("chain").get(0)).isEqualTo(decoded.get("outer_dst"));
        assertThat(result.get("chain").get(1)).isEqualTo(decoded.get("hops").get(0));
        assertThat(result.get("row").asInt()).isBetween(0, 65_535);
    }

    /** GLB's own test of a migration: hashing.json, hash_field_routes. */
    @Test
    void appendsTheChainOfTheFieldsBefore() throws IOException {
        requireBpf();
        String syn =
                "560e3746a221b6595f11c12a08004500002800010000400662b60a0b0c0d01010101b26e0050"
                        + "000003e80000000050022000c1220000";

        JsonNode results =
                results(
                        run(
                                List.of(
                                        "--hash-fields",
                                        "src_addr,src_port",
                                        "--alt-hash-fields",
                                        "src_addr"),
                                List.of(syn)));

        assertThat(results.get(0).get("chain").toString())
                .isEqualTo("[\"1.2.3.4\",\"2.3.4.5\",\"3.4.5.6\",\"2.3.4.5\"]");
    }

    @Test
    void readsTheThousandFramesOfACapture() throws IOException {
        requireBpf();
        List<JsonNode> frames = capture();
        Path capture = directory.resolve("capture.pcap");
        try (PcapWriter writer = new PcapWriter(Files.newOutputStream(capture))) {
            for (JsonNode frame : frames) {
                byte[] bytes = HexFormat.of().parseHex(frame.get("in").asString());
                writer.write(0, bytes, bytes.length);
            }
        }

        JsonNode results = results(packet("--pcap", capture.toString()));

        assertThat(results).hasSize(1000);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(results.get(i).get("out")).isEqualTo(frames.get(i).get("out"));
        }
    }

    /** A table of its own for IPv6, with a block and a range; another for IPv4. */
    private static final String TWO_TABLES =
            """
            {"tables": [
             {"hash_key": "000102030405060708090a0b0c0d0e0f",
              "seed": "0f0e0d0c0b0a09080706050403020100",
              "binds": [{"ip": "1.1.1.1", "proto": "tcp", "port": 80}],
              "backends": [{"ip": "198.18.0.1", "state": "active", "healthy": true},
                           {"ip": "198.18.0.2", "state": "active", "healthy": true}]},
             {"hash_key": "0f0e0d0c0b0a09080706050403020100",
              "seed": "000102030405060708090a0b0c0d0e0f",
              "binds": [{"ip": "2001:db8:1::/48", "proto": "udp",
                         "port_start": 8000, "port_end": 8009}],
              "backends": [{"ip": "198.18.0.3", "state": "active", "healthy": true},
                           {"ip": "198.18.0.4", "state": "inactive", "healthy": true},
                           {"ip": "198.18.0.5", "state": "active", "healthy": true}]}]}
            """;

    private static final String SYN4 =
            "560e3746a221b6595f11c12a08004500002800010000400662b60a0b0c0d01010101b26e0050"
                    + "000003e80000000050022000c1220000";

    private static String udp6(int port) {
        return "560e3746a221b6595f11c12a86dd"
                + "6000000000081140"
                + "20010db8000000000000000000000007"
                + "20010db8000100000000000000000099"
                + "9c40%04x00080000".formatted(port);
    }

    @Test
    void takesLinesOfStandardInputForSeveralTablesInTheirOrder() throws IOException {
        requireBpf();
        String lines = String.join("\n", udp6(8009), SYN4.toUpperCase(Locale.ROOT), "", udp6(8010));

        JsonNode results = results(runOn(TWO_TABLES, lines));

        assertThat(results).hasSize(3);
        assertThat(results.get(0).get("action").asString()).isEqualTo("TX");
        assertThat(addresses(results.get(0))).containsExactlyInAnyOrder("198.18.0.3", "198.18.0.5");
        assertThat(results.get(1).get("in").asString()).isEqualTo(SYN4);
        assertThat(addresses(results.get(1))).containsExactlyInAnyOrder("198.18.0.1", "198.18.0.2");
        assertThat(results.get(2).get("action").asString()).isEqualTo("PASS");
        assertThat(results.get(2).get("out")).isEqualTo(results.get(2).get("in"));
        assertThat(results.get(2).get("row").isNull()).isTrue();
    }

    @Test
    void refusesABindOfTwoTables() throws IOException {
        requireBpf();
        String twice =
                TWO_TABLES
                        .replace("2001:db8:1::/48", "1.1.1.1")
                        .replace("\"udp\"", "\"tcp\"")
                        .replace("\"port_start\": 8000, \"port_end\": 8009", "\"port\": 80");

        assertThat(runOn(twice, SYN4)).isEqualTo(1);

        assertThat(err.toString()).contains("bind 1.1.1.1:80/tcp belongs to another pool");
    }

    private static List<String> addresses(JsonNode result) {
        List<String> chain = new ArrayList<>();
        result.get("chain").forEach(hop -> chain.add(hop.asString()));
        return chain;
    }

    private int runOn(String table, String standardInput) throws IOException {
        Path file = Files.writeString(directory.resolve("tables.json"), table);
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.US_ASCII)));
        try {
            return execute(
                    "glb",
                    "packet",
                    "--table",
                    file.toString(),
                    "--gateway-mac",
                    "3a:89:7c:7b:5d:1f",
                    "--source-ip",
                    "65.65.65.65",
                    "-o",
                    "json");
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void printsALineAFrame() throws IOException {
        requireBpf();
        JsonNode first =
                JSON.readTree(resource("packets_xdp.json"))
                        .get("modes")
                        .get("default_src_addr")
                        .get("packets")
                        .get(0);

        assertThat(packet("--output", "text", first.get("in").asString()))
                .as(err.toString())
                .isZero();

        assertThat(out.toString()).isEqualTo("1  TX  row 23741  3.4.5.6 → 2.3.4.5\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "xyz0", "00112233"})
    void refusesWhatIsNoFrame(String frame) throws IOException {
        assertThat(packet(frame)).isEqualTo(1);
        assertThat(err.toString()).startsWith("frame 1: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--gateway-mac | 1:2 | '1:2' is no MAC address",
                "--source-ip | here | is not an IPv4 or IPv6 address literal",
                "--hash-fields | src_adr | 'src_adr' is no hash field; allowed: src_addr,dst_addr,src_port,dst_port",
                "--output | xml | 'xml' is no output format; allowed: text, json",
            })
    void wrongOptionsAreUsageErrors(String option, String value, String reason) throws IOException {
        assertThat(packet(option, value)).isEqualTo(2);
        assertThat(err.toString()).contains(reason);
    }

    private int packet(String... arguments) throws IOException {
        return run(List.of(arguments), List.of());
    }

    private int packet(String option, String value, String[] frames) throws IOException {
        return run(List.of(option, value), List.of(frames));
    }

    private int run(List<String> options, List<String> frames) throws IOException {
        Path table = directory.resolve("table.json");
        Files.write(table, resource("upstream_table.config.json").readAllBytes());
        List<String> line = new ArrayList<>(List.of("glb", "packet", "--table", table.toString()));
        addUnless(options, line, "--gateway-mac", "3a:89:7c:7b:5d:1f");
        addUnless(options, line, "--source-ip", "65.65.65.65");
        if (!options.contains("-o") && !options.contains("--output")) {
            line.addAll(List.of("-o", "json"));
        }
        line.addAll(options);
        line.addAll(frames);
        return execute(line.toArray(String[]::new));
    }

    private int execute(String... line) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(line);
    }

    private static void addUnless(
            List<String> options, List<String> line, String option, String value) {
        if (!options.contains(option)) {
            line.addAll(List.of(option, value));
        }
    }

    private JsonNode results(int exitCode) {
        assertThat(exitCode).as(err.toString()).isZero();
        return JSON.readTree(out.toString());
    }

    private static List<JsonNode> capture() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(resource("pcap_1k_xdp.jsonl.gz")),
                                StandardCharsets.UTF_8))) {
            return lines.lines().map(JSON::readTree).toList();
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(GlbPacketTest.class.getResourceAsStream("/glb/" + name));
    }

    private static void requireBpf() {
        try (DirectorTrial trial =
                new DirectorTrial(Address.parse("198.18.0.1"), Transmit.toSender())) {
            assertThat(trial.counters()).isNotEmpty();
        } catch (DatapathException e) {
            Needs.met(false, "this machine lacks BPF: " + e.getMessage());
        }
    }
}
