package dev.sluice.cluster.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;

class PcapngWriterTest {
    /** Written by hand from the draft's sections 4.1 to 4.3. */
    private static final String EXPECTED =
            "0a0d0d0a"
                    + "1c000000"
                    + "4d3c2b1a"
                    + "01000000"
                    + "ffffffffffffffff"
                    + "1c000000"
                    + "01000000"
                    + "28000000"
                    + "01000000"
                    + "00000400"
                    + "0200"
                    + "0300"
                    + "642d3100"
                    + "0900"
                    + "0100"
                    + "09000000"
                    + "00000000"
                    + "28000000"
                    + "06000000"
                    + "34000000"
                    + "00000000"
                    + "04030201"
                    + "08070605"
                    + "05000000"
                    + "3c000000"
                    + "aabbccddee000000"
                    + "0100"
                    + "0200"
                    + "6f6b0000"
                    + "00000000"
                    + "34000000";

    @Test
    void writesOctetForOctetWhatTheFormatSays() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out, "d-1")) {
            writer.write(0x01020304_05060708L, HexFormat.of().parseHex("aabbccddee"), 60, "ok");
        }

        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(EXPECTED);
    }
}
