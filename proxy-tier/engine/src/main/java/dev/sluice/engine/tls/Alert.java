package dev.sluice.engine.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What a client is told before a connection is closed that has no keys yet (RFC 8446 §6.2). */
public enum Alert {
    UNEXPECTED_MESSAGE(10),
    RECORD_OVERFLOW(22),
    ILLEGAL_PARAMETER(47),
    DECODE_ERROR(50),
    PROTOCOL_VERSION(70),
    INTERNAL_ERROR(80),
    UNRECOGNIZED_NAME(112);

    private static final byte[] RECORD = {21, 3, 3, 0, 2, 2};

    private final int number;

    Alert(int number) {
        this.number = number;
    }

    /** A record with the fatal alert. */
    public ByteBuf record() {
        return Unpooled.wrappedBuffer(RECORD, new byte[] {(byte) number});
    }
}
