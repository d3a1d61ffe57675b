package dev.sluice.cluster.glb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** The files that GLB's own build-config wrote, by their digests and samples. */
class GlbBinaryTest {
    private static final int TABLE_LENGTH = 537_624;
    private static final int BACKENDS = 24 + 4;
    private static final int BINDS = BACKENDS + 256 * 24 + 4;
    private static final int KEY = BINDS + 256 * 28;
    private static final int ROWS = KEY + 16;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "binds_mixed",
                "h16_active",
                "h16_drain3",
                "h16_fill3",
                "h16_removed3",
                "h16_unhealthy3",
                "h2_active",
                "upstream_table",
                "upstream_table1",
                "upstream_table2",
                "upstream_table3"
            })
    void writesTheFilesOfGlbByteForByte(String name) throws Exception {
        byte[] file = file(Golden.text("tables/" + name + ".config.json"));
        JsonNode golden = Golden.read("tables/" + name + ".golden.json");

        assertThat(file).hasSize(golden.get("bin_bytes").asInt());
        for (JsonNode sample : golden.get("tables").get(0).get("rows_sample")) {
            int at = ROWS + 8 * sample.get(0).asInt();
            assertThat(at(file, at))
                    .as("primary of row %s", sample.get(0))
                    .isEqualTo(sample.get(1).asInt());
            assertThat(at(file, at + 4)).isEqualTo(sample.get(2).asInt());
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(golden.get("bin_sha256").asString());
    }

    @Test
    void anInactiveBackendKeepsItsIndexAndIsInNoRow() throws IOException {
        byte[] file = file(backends("active true", "inactive true", "active true"));

        assertThat(at(file, BACKENDS - 4)).isEqualTo(3);
        assertThat(shorts(file, BACKENDS + 24 + 20)).as("state, health").containsExactly(2, 1);
        for (int row = 0; row < 65_536; row++) {
            int sum = at(file, ROWS + 8 * row) + at(file, ROWS + 8 * row + 4);
            assertThat(sum).as("row %d", row).isEqualTo(2);
            assertThat(at(file, ROWS + 8 * row)).as("row %d", row).isNotEqualTo(1);
        }
    }

    @Test
    void anUnhealthyBackendIsSwappedForAnActiveOneOnly() throws IOException {
        byte[] healthy = file(backends("active true", "active true"));
        byte[] forActive = file(backends("active false", "active true"));
        byte[] forFilling = file(backends("active false", "filling true"));
        byte[] bothBad = file(backends("active false", "active false"));

        for (int at = ROWS; at < ROWS + 8 * 65_536; at += 8) {
            int first = at(healthy, at);
            assertThat(at(forActive, at)).isEqualTo(1);
            assertThat(at(forFilling, at)).isEqualTo(first);
            assertThat(at(bothBad, at))
                    .as("the second's health counts for nothing")
                    .isEqualTo(1 - first);
        }
    }

    @Test
    void healthIsDownWhereTheTableDoesNotSay() throws IOException {
        byte[] file =
                file(
                        Tables.json(
                                "{\"ip\": \"198.18.0.1\", \"state\": \"filling\"},"
                                        + "{\"ip\": \"198.18.0.2\", \"state\": \"draining\"}",
                                Tables.BIND));

        assertThat(shorts(file, BACKENDS + 20)).as("filling").containsExactly(0, 0);
        assertThat(shorts(file, BACKENDS + 24 + 20)).as("draining").containsExactly(2, 0);
    }

    @Test
    void aLoneBackendIsItsOwnSecond() throws IOException {
        byte[] file = file(backends("inactive true", "active true"));

        assertThat(at(file, ROWS + 8 * 4711)).isEqualTo(1);
        assertThat(at(file, ROWS + 8 * 4711 + 4)).isEqualTo(1);
    }

    @Test
    void writesEveryKindOfAddress() throws IOException {
        byte[] file =
                file(
                        Tables.json(
                                "{\"ip\": \"2001:db8::1\", \"state\": \"active\", \"healthy\": true},"
                                        + "{\"ip\": \"::ffff:198.18.0.1\", \"state\": \"active\"}",
                                "{\"ip\": \"203.0.113.77/24\", \"proto\": \"udp\", \"port_start\": 1,"
                                        + " \"port_end\": 65535}"));

        assertThat(at(file, BACKENDS)).as("family").isEqualTo(2);
        assertThat(HexFormat.of().formatHex(file, BACKENDS + 4, BACKENDS + 20))
                .isEqualTo("20010db8000000000000000000000001");
        assertThat(at(file, BACKENDS + 24)).as("family of a mapped address").isEqualTo(2);
        assertThat(HexFormat.of().formatHex(file, BACKENDS + 28, BACKENDS + 44))
                .isEqualTo("00000000000000000000ffffc6120001");
        assertThat(HexFormat.of().formatHex(file, BINDS, BINDS + 28))
                .as("family, address as written, bits, ports, UDP")
                .isEqualTo(
                        "01000000"
                                + "cb00714d"
                                + "0".repeat(24)
                                + "1800"
                                + "0100"
                                + "ffff"
                                + "1100");
    }

    @Test
    void noTablesMakeAHeaderAlone() throws IOException {
        assertThat(file("{\"tables\": []}"))
                .asHexString()
                .isEqualTo(
                        "474C4244"
                                + "02000000"
                                + "00000000"
                                + "00000100"
                                + "00010000"
                                + "00010000");
    }

    @Test
    void tablesFollowOneAnother() throws IOException {
        String one = Tables.table(Tables.TWO_BACKENDS, Tables.BIND);
        byte[] file = file("{\"tables\": [" + one + ", " + one + "]}");

        assertThat(file).hasSize(24 + 2 * TABLE_LENGTH);
        assertThat(at(file, 8)).isEqualTo(2);
    }

    private static String backends(String... stateAndHealth) {
        return Tables.json(Tables.backends(List.of(stateAndHealth)), Tables.BIND);
    }

    private static byte[] file(String json) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GlbBinary.write(GlbConfig.parse("table.json", json).orElseThrow(), out);
        return out.toByteArray();
    }

    private static int at(byte[] file, int offset) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
    }

    private static short[] shorts(byte[] file, int offset) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        return new short[] {buffer.getShort(offset), buffer.getShort(offset + 2)};
    }
}
