package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;

final class GrpcMessagesTest {
    private final GrpcMessages messages = new GrpcMessages();

    private boolean look(String hex) {
        ByteBuf data = Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
        boolean ended = messages.look(data);
        assertThat(data.readableBytes()).isEqualTo(hex.length() / 2);
        return ended;
    }

    @Test
    void nothingIsOwedAtFirst() {
        assertThat(messages.isBetween()).isTrue();
        assertThat(look("")).isFalse();
    }

    @Test
    void aMessageMayComeOctetByOctet() {
        for (String octet : new String[] {"01", "00", "00", "00", "02", "61"}) {
            assertThat(look(octet)).isFalse();
            assertThat(messages.isBetween()).isFalse();
        }
        assertThat(look("62")).isTrue();
        assertThat(messages.isBetween()).isTrue();
    }

    @Test
    void aMessageMayBeEmpty() {
        assertThat(look("0000000000")).isTrue();
        assertThat(messages.isBetween()).isTrue();
    }

    @Test
    void theNextOneMayBeginRightBehindTheLast() {
        assertThat(look("0000000001" + "61" + "00")).isTrue();
        assertThat(messages.isBetween()).isFalse();
    }

    @Test
    void theLongestIsFourGigabytes() {
        look("00ffffffff");
        assertThat(look("00".repeat(1 << 20))).isFalse();
        assertThat(messages.isBetween()).isFalse();
    }

    @Test
    void whatIsNoMessageNeverEnds() {
        assertThat(look("0200000000")).isFalse();
        assertThat(look("0000000000")).isFalse();
        assertThat(messages.isBetween()).isFalse();
    }
}
