package dev.sluice.lab.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

class PseudoRandomBytesTest {
    /** The first outputs of SplitMix64 for seed 0, as published with it. */
    @Test
    void isSplitMix64() {
        byte[] bytes = new byte[16];
        new PseudoRandomBytes(0).next(bytes);
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(words.getLong()).isEqualTo(0xe220a8397b1dcdafL);
        assertThat(words.getLong()).isEqualTo(0x6e789e6aa1b965f4L);
    }

    @Test
    void theSumIsOfExactlyTheFirstBytes() {
        byte[] bytes = new byte[200_000];
        new PseudoRandomBytes(9).next(bytes);
        var digest = PseudoRandomBytes.newSha256();
        digest.update(bytes, 0, 199_999);
        assertThat(PseudoRandomBytes.sha256(9, 199_999))
                .isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }
}
