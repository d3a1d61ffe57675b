package dev.sluice.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.packet.DirectorModel;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** From a packet to its row and hops: every choice of hash fields, and GLB's whole tables. */
class HashingPacketTest {
    private static final Address VIP = Address.parse("1.1.1.1");
    private static final Address CLIENT = Address.parse("10.11.12.13");
    private static final int FIRST_HOP = 14 + 16;
    private static final int SECOND_HOP = 14 + 36;

    static Stream<Set<HashField>> everyChoiceOfFields() {
        HashField[] fields = HashField.values();
        return IntStream.range(0, 1 << fields.length)
                .mapToObj(bits -> {
                    Set<HashField> chosen = EnumSet.noneOf(HashField.class);
                    for (int i = 0; i < fields.length; i++) {
                        if ((bits & 1 << i) != 0) {
                            chosen.add(fields[i]);
                        }
                    }
                    return chosen;
                });
    }

    private static byte[] frame(Address client, int port) {
        byte[] tcp = TestFrames.tcp(port, 80, TestFrames.ACK, 1, 2);
        return TestFrames.ethernet(TestFrames.ipv4(6, client, VIP, tcp));
    }

    @ParameterizedTest
    @MethodSource("everyChoiceOfFields")
    void modelAndProgramHashTheSameFields(Set<HashField> fields) {
        Capability.BPF.require();
        List<ForwardingTable> tables = GlbVectors.tables("upstream_table", fields);
        DirectorModel model = new DirectorModel(CLIENT, Optional.empty(), tables);
        try (LoadedDirector director = new LoadedDirector(CLIENT, Transmit.toSender())) {
            tables.forEach(director::install);
            for (int i = 0; i < 64; i++) {
                byte[] frame = frame(Address.parse("10.11." + i + ".13"), 40_000 + 37 * i);
                assertThat(director.run(frame)).isEqualTo(model.process(frame));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"src_addr", "src_addr+src_port"})
    void programTakesTheRoutesOfGlb(String mode) {
        Capability.BPF.require();
        Set<HashField> fields =
                mode.contains("port")
                        ? Set.of(HashField.SOURCE_ADDRESS, HashField.SOURCE_PORT)
                        : Set.of(HashField.SOURCE_ADDRESS);
        JsonNode routes = GlbVectors.read("hashing.json").get("hash_field_routes").get(mode);
        assertThat(routes).hasSize(3);
        try (LoadedDirector director = new LoadedDirector(CLIENT, Transmit.toSender())) {
            GlbVectors.tables("upstream_table", fields).forEach(director::install);
            for (JsonNode route : routes) {
                byte[] out = director.run(frame(CLIENT, route.get(0).asInt())).frame();
                assertThat(address(out, FIRST_HOP)).isEqualTo(route.get(1).get(0).asString());
                assertThat(address(out, SECOND_HOP)).isEqualTo(route.get(1).get(1).asString());
            }
        }
    }

    private static String address(byte[] frame, int offset) {
        byte[] bytes = new byte[4];
        System.arraycopy(frame, offset, bytes, 0, bytes.length);
        return Address.of(bytes).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream_table", "h2_active", "h16_active", "h16_drain3"})
    void theKernelHoldsTheRowsOfGlb(String name) {
        Capability.BPF.require();
        ForwardingTable table =
                GlbVectors.tables(name, Set.of(HashField.SOURCE_ADDRESS)).getFirst();
        JsonNode golden = GlbVectors.read(name + ".golden.json").get("tables").get(0);
        try (LoadedDirector director = new LoadedDirector(CLIENT, Transmit.toSender())) {
            director.install(table);
            assertThat(sha256(entries(director)))
                    .isEqualTo(golden.get("entries_sha256").asString());
        }
    }

    /** As GLB writes them: two indexes a row, little-endian. */
    private static byte[] entries(LoadedDirector director) {
        ByteBuffer entries = ByteBuffer.allocate(8 * ForwardingTable.ROWS);
        entries.order(ByteOrder.LITTLE_ENDIAN);
        try (Arena arena = Arena.ofConfined();
                BpfMap inner = director.maps().get("pools").inner(Keys.zero(arena)).orElseThrow()) {
            TableImage image = TableImage.of(inner.get(Keys.zero(arena), arena).orElseThrow());
            for (int row = 0; row < ForwardingTable.ROWS; row++) {
                int[] hops = image.hops(row);
                entries.putInt(hops[0]).putInt(hops[1]);
            }
        }
        return entries.array();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
