package dev.sluice.engine.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

/**
 * Puts a ClientHello together that comes in any number of records and segments, each byte looked at
 * once. Not thread-safe; the bytes stay the caller's.
 */
public final class HelloReader {
    private static final HelloReading PARTIAL = new HelloReading.Partial();
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int HANDSHAKE_HEADER_BYTES = 4;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int MAX_RECORD_BYTES = 1 << 14;

    private final int maxBytes;
    private final ByteBuf header = Unpooled.buffer(RECORD_HEADER_BYTES, RECORD_HEADER_BYTES);
    private final ByteBuf message = Unpooled.buffer(512);

    /** Of the record being read. */
    private int left;

    private int seen;

    /** Within {@code maxBytes} the message must be complete, record headers included. */
    public HelloReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes the readable bytes; nothing more may be given once the answer is not partial. */
    public HelloReading read(ByteBuf bytes) {
        while (bytes.isReadable()) {
            HelloReading reading = left == 0 ? header(bytes) : payload(bytes);
            if (!reading.equals(PARTIAL)) {
                return reading;
            }
            if (seen > maxBytes) {
                return tooLong();
            }
        }
        return PARTIAL;
    }

    private HelloReading header(ByteBuf bytes) {
        int octet = bytes.readUnsignedByte();
        seen++;
        int at = header.writerIndex();
        if ((at == 0 && octet != HANDSHAKE) || (at == 1 && octet != 3)) {
            return new HelloReading.Refused(Alert.UNEXPECTED_MESSAGE, "the client speaks no TLS");
        }
        header.writeByte(octet);
        if (header.writerIndex() == RECORD_HEADER_BYTES) {
            left = header.getUnsignedShort(3);
            header.clear();
            if (left > MAX_RECORD_BYTES) {
                return new HelloReading.Refused(Alert.RECORD_OVERFLOW, "a record is too long");
            }
            if (left == 0) {
                // RFC 8446 §5.1: no empty fragments of handshakes.
                return new HelloReading.Refused(Alert.UNEXPECTED_MESSAGE, "a record is empty");
            }
        }
        return PARTIAL;
    }

    private HelloReading payload(ByteBuf bytes) {
        int taken = Math.min(left, bytes.readableBytes());
        message.writeBytes(bytes, taken);
        left -= taken;
        seen += taken;
        @Nullable HelloReading wrong = wrongStart();
        if (wrong != null) {
            return wrong;
        }
        if (message.writerIndex() < HANDSHAKE_HEADER_BYTES) {
            return PARTIAL;
        }
        int end = HANDSHAKE_HEADER_BYTES + message.getUnsignedMedium(1);
        if (end > maxBytes) {
            return tooLong();
        }
        return message.writerIndex() < end
                ? PARTIAL
                : HelloParser.parse(
                        message.slice(HANDSHAKE_HEADER_BYTES, end - HANDSHAKE_HEADER_BYTES));
    }

    private @Nullable HelloReading wrongStart() {
        return message.getByte(0) == CLIENT_HELLO
                ? null
                : new HelloReading.Refused(
                        Alert.UNEXPECTED_MESSAGE, "the handshake begins with something else");
    }

    private HelloReading tooLong() {
        return new HelloReading.Refused(
                Alert.RECORD_OVERFLOW, "the ClientHello is longer than " + maxBytes + " bytes");
    }
}
