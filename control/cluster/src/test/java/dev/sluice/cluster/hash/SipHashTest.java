package dev.sluice.cluster.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cluster.Golden;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.util.HexFormat;

class SipHashTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void agreesWithThePapersAppendix() {
        JsonNode vector = Golden.read("hashing.json").get("reference_vector");
        SipHash.Key key = Golden.key(vector.get("key").asString());

        assertThat(outputBytes(SipHash.hash(key, bytes(vector, "in"))))
                .isEqualTo(vector.get("out").asString());
    }

    @Test
    void agreesWithGlbOnPacketHashes() {
        JsonNode examples = Golden.read("hashing.json").get("packet_hash_examples");
        SipHash.Key key = Golden.key(examples.get("hash_key").asString());

        for (JsonNode example : examples.get("cases")) {
            long hash = SipHash.hash(key, bytes(example, "in"));
            assertThat(outputBytes(hash)).isEqualTo(example.get("out_bytes").asString());
            assertThat(hash & 0xffff).isEqualTo(example.get("row").asLong());
        }
        assertThat(examples.get("cases").size()).isGreaterThan(5);
    }

    @Test
    void readsOnlyTheGivenSlice() {
        SipHash.Key key = new SipHash.Key(1, 2);
        byte[] framed = HEX.parseHex("ffff0a0b0c0dffff");

        assertThat(SipHash.hash(key, framed, 2, 4))
                .isEqualTo(SipHash.hash(key, HEX.parseHex("0a0b0c0d")));
    }

    @Test
    void keyKeepsItsBytesAndRefusesOtherLengths() {
        byte[] bytes = HEX.parseHex("000102030405060708090a0b0c0d0e0f");

        assertThat(SipHash.Key.of(bytes).bytes()).isEqualTo(bytes);
        assertThatThrownBy(() -> SipHash.Key.of(new byte[15]))
                .hasMessage("a SipHash key has 16 bytes, not 15");
    }

    private static byte[] bytes(JsonNode node, String field) {
        return HEX.parseHex(node.get(field).asString());
    }

    private static String outputBytes(long hash) {
        return HEX.toHexDigits(Long.reverseBytes(hash));
    }
}
