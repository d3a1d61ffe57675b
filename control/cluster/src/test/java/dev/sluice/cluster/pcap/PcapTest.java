package dev.sluice.cluster.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

class PcapTest {
    @ParameterizedTest
    @ValueSource(ints = {0xa1b2c3d4, 0xa1b23c4d})
    void readsBothByteOrdersAndBothClocks(int magic) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            byte[] file = file(magic, order, 1, new byte[] {1, 2, 3}, new byte[] {4});

            List<byte[]> frames = Pcap.frames(new ByteArrayInputStream(file));

            assertThat(frames).containsExactly(new byte[] {1, 2, 3}, new byte[] {4});
        }
    }

    @Test
    void readsWhatTheWriterWrote() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapWriter writer = new PcapWriter(out)) {
            writer.write(1_700_000_000_000_042L, new byte[] {7, 8}, 1500);
        }

        assertThat(out.toByteArray())
                .asHexString()
                .isEqualTo(
                        "D4C3B2A1"
                                + "02000400"
                                + "0000000000000000"
                                + "00000400"
                                + "01000000"
                                + "00F15365"
                                + "2A000000"
                                + "02000000"
                                + "DC050000"
                                + "0708");
        assertThat(Pcap.frames(new ByteArrayInputStream(out.toByteArray())))
                .containsExactly(new byte[] {7, 8});
    }

    @Test
    void saysWhatIsWrongWithACapture() {
        byte[] good = file(0xa1b2c3d4, ByteOrder.LITTLE_ENDIAN, 1, new byte[100]);
        byte[] cooked = file(0xa1b2c3d4, ByteOrder.LITTLE_ENDIAN, 113);
        byte[] huge = good.clone();
        huge[24 + 8 + 3] = (byte) 0xff;

        assertProblem(new byte[0], "ends within its header");
        assertProblem("not a capture, but some text".getBytes(UTF_8), "is not a pcap file");
        assertProblem(Arrays.copyOf(new byte[] {10, 13, 13, 10}, 64), "is a pcapng file; make it");
        assertProblem(cooked, "its link type is 113, not Ethernet (1)");
        assertProblem(Arrays.copyOf(good, 30), "ends within frame 1");
        assertProblem(Arrays.copyOf(good, good.length - 1), "ends within frame 1");
        assertProblem(huge, "frame 1 claims 4278190180 bytes");
    }

    private static void assertProblem(byte[] file, String problem) {
        assertThatThrownBy(() -> Pcap.frames(new ByteArrayInputStream(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(problem);
    }

    private static byte[] file(int magic, ByteOrder order, int link, byte[]... frames) {
        ByteBuffer file = ByteBuffer.allocate(1024).order(order);
        file.putInt(magic).putShort((short) 2).putShort((short) 4).putInt(20, link).position(24);
        for (byte[] frame : frames) {
            file.putInt(1).putInt(2).putInt(frame.length).putInt(frame.length + 9).put(frame);
        }
        return Arrays.copyOf(file.array(), file.position());
    }
}
