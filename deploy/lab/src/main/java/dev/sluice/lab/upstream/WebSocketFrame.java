package dev.sluice.lab.upstream;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket frame of at most 125 bytes (RFC 6455, 5.2): more than the lab's messages need.
 *
 * @param opcode 2 binary, 8 close, and others that the lab does not use
 */
public record WebSocketFrame(int opcode, byte[] payload) {
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int MAX_LENGTH = 125;

    public static WebSocketFrame binary(byte[] message) {
        return new WebSocketFrame(BINARY, message);
    }

    /** With status 1000. */
    public static WebSocketFrame normalClose() {
        return new WebSocketFrame(CLOSE, new byte[] {0x03, (byte) 0xe8});
    }

    public boolean isClose() {
        return opcode == CLOSE;
    }

    /**
     * @throws EOFException if the connection ends
     */
    public static WebSocketFrame read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int opcode = data.readUnsignedByte() & 0x0f;
        int second = data.readUnsignedByte();
        int length = second & 0x7f;
        if (length > MAX_LENGTH) {
            throw new IOException("a frame of more than " + MAX_LENGTH + " bytes");
        }
        byte[] mask = new byte[4];
        if ((second & MASKED) != 0) {
            data.readFully(mask);
        }
        byte[] payload = new byte[length];
        data.readFully(payload);
        return new WebSocketFrame(opcode, masked(payload, mask));
    }

    private static byte[] masked(byte[] payload, byte[] mask) {
        byte[] out = payload.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] ^= mask[i % 4];
        }
        return out;
    }

    /** As servers do. In one packet. */
    public void write(OutputStream out) throws IOException {
        out.write(
                ByteBuffer.allocate(2 + payload.length)
                        .put((byte) (FINAL | opcode))
                        .put((byte) payload.length)
                        .put(payload)
                        .array());
        out.flush();
    }

    /** As clients must. In one packet. */
    public void writeMasked(OutputStream out) throws IOException {
        byte[] mask = new byte[4];
        ThreadLocalRandom.current().nextBytes(mask);
        out.write(
                ByteBuffer.allocate(6 + payload.length)
                        .put((byte) (FINAL | opcode))
                        .put((byte) (MASKED | payload.length))
                        .put(mask)
                        .put(masked(payload, mask))
                        .array());
        out.flush();
    }
}
