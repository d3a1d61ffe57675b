package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.table.ForwardingTable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** GLB's own frames through the model and through the program: the same bytes come out. */
class DirectorGlbPacketTest {
    private static final Address SOURCE = Address.parse("65.65.65.65");
    private static final MacAddress GATEWAY = MacAddress.parse("3a:89:7c:7b:5d:1f");
    private static final HexFormat HEX = HexFormat.of();

    /** What GLB leaves to the kernel or matches by accident, and this datapath understands. */
    private static final Set<String> UNDERSTOOD = Set.of("v4_vlan", "v4_ip_options", "v6_hopbyhop");

    private static final Set<String> FRAGMENTS =
            Set.of("v4_frag_first", "v4_frag_second_looks_bound", "v6_fraghdr");

    /** Hashed on the quoted packet, so that it finds the flow's proxy. */
    private static final String TIME_EXCEEDED = "v4_icmp_time_exceeded";

    static Stream<Mode> modes() {
        return Stream.of(
                new Mode("default_src_addr", Set.of(HashField.SOURCE_ADDRESS)),
                new Mode(
                        "src_addr_src_port",
                        Set.of(HashField.SOURCE_ADDRESS, HashField.SOURCE_PORT)));
    }

    record Mode(String name, Set<HashField> fields) {
        List<ForwardingTable> tables() {
            return GlbVectors.tables("upstream_table", fields);
        }

        List<JsonNode> packets() {
            JsonNode packets =
                    GlbVectors.read("packets_xdp.json").get("modes").get(name).get("packets");
            return StreamSupport.stream(packets.spliterator(), false).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void modelGivesTheBytesOfGlb(Mode mode) {
        DirectorModel model = model(mode.tables());

        assertBytesOfGlb(mode, model::process);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void programGivesTheBytesOfGlb(Mode mode) {
        Capability.BPF.require();
        try (LoadedDirector director = director(mode.tables())) {
            assertBytesOfGlb(mode, director::run);
        }
    }

    private static void assertBytesOfGlb(
            Mode mode, Function<byte[], FrameVerdict<DirectorCounter>> director) {
        assertThat(mode.packets()).hasSizeGreaterThan(12);
        for (JsonNode packet : mode.packets()) {
            String name = packet.get("name").asString();
            FrameVerdict<DirectorCounter> verdict =
                    director.apply(GlbVectors.hex(packet.get("in")));
            if (UNDERSTOOD.contains(name)) {
                assertThat(verdict.counters()).as(name).containsExactly(DirectorCounter.FORWARDED);
            } else if (FRAGMENTS.contains(name)) {
                assertThat(verdict.counters())
                        .as(name)
                        .containsExactly(
                                mode.fields().contains(HashField.SOURCE_PORT)
                                        ? DirectorCounter.DROP_FRAGMENT
                                        : DirectorCounter.FORWARDED);
            } else if (!name.equals(TIME_EXCEEDED)) {
                assertThat(verdict.action().name())
                        .as(name)
                        .isEqualTo(packet.get("action").asString());
                assertThat(HEX.formatHex(verdict.frame()))
                        .as(name)
                        .isEqualTo(expectedFrame(packet));
            }
        }
    }

    private static String expectedFrame(JsonNode packet) {
        JsonNode out = packet.get("out");
        return out == null || out.isNull() ? packet.get("in").asString() : out.asString();
    }

    @Test
    void modelAndProgramAgreeOnTheThousandFramesOfTheCapture() {
        List<ForwardingTable> tables = modes().findFirst().orElseThrow().tables();
        List<JsonNode> capture = GlbVectors.readLines("pcap_1k_xdp.jsonl.gz");
        DirectorModel model = model(tables);

        assertThat(capture).hasSize(1000);
        assertCapture(capture, model::process);
        Capability.BPF.require();
        try (LoadedDirector director = director(tables)) {
            assertCapture(capture, director::run);
        }
    }

    private static void assertCapture(
            List<JsonNode> capture, Function<byte[], FrameVerdict<DirectorCounter>> director) {
        for (JsonNode packet : capture) {
            FrameVerdict<DirectorCounter> verdict =
                    director.apply(GlbVectors.hex(packet.get("in")));
            assertThat(verdict.action().name()).isEqualTo(packet.get("action").asString());
            assertThat(HEX.formatHex(verdict.frame())).isEqualTo(expectedFrame(packet));
        }
    }

    private static DirectorModel model(List<ForwardingTable> tables) {
        return new DirectorModel(SOURCE, Optional.of(GATEWAY.bytes()), tables);
    }

    private static LoadedDirector director(List<ForwardingTable> tables) {
        LoadedDirector director = new LoadedDirector(SOURCE, Transmit.toGateway(GATEWAY));
        tables.forEach(director::install);
        return director;
    }
}
