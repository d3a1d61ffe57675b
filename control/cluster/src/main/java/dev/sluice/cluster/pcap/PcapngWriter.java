package dev.sluice.cluster.pcap;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes pcapng (draft-ietf-opsawg-pcapng): one section, little-endian, of one Ethernet interface
 * with nanoseconds; every frame with a comment. Confined to a thread.
 */
public final class PcapngWriter implements Closeable, Flushable {
    private static final int SECTION = 0x0a0d0d0a;
    private static final int INTERFACE = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER = 0x1a2b3c4d;
    private static final long LENGTH_UNKNOWN = -1;
    private static final short MAJOR = 1;
    private static final short MINOR = 0;
    private static final short COMMENT = 1;
    private static final short INTERFACE_NAME = 2;
    private static final short TIME_RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;

    /** Type, length, and length again. */
    private static final int FRAME = 12;

    private final OutputStream out;

    /** Writes the section's and the interface's head. */
    public PcapngWriter(OutputStream out, String interfaceName) throws IOException {
        this.out = out;
        ByteBuffer section = body(16);
        section.putInt(BYTE_ORDER).putShort(MAJOR).putShort(MINOR).putLong(LENGTH_UNKNOWN);
        writeBlock(SECTION, section);
        byte[] name = interfaceName.getBytes(StandardCharsets.UTF_8);
        byte[] resolution = {NANOSECONDS};
        ByteBuffer link = body(8 + option(name) + option(resolution) + option(new byte[0]));
        link.putShort((short) Pcap.ETHERNET).putShort((short) 0).putInt(Pcap.MAX_FRAME);
        putOption(link, INTERFACE_NAME, name);
        putOption(link, TIME_RESOLUTION, resolution);
        putOption(link, (short) 0, new byte[0]);
        writeBlock(INTERFACE, link);
    }

    /**
     * One frame, of which {@code bytes} may be only the beginning.
     *
     * @param length of the whole frame
     */
    public void write(long unixNanos, byte[] bytes, int length, String comment) throws IOException {
        byte[] text = comment.getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = body(20 + padded(bytes.length) + option(text) + option(new byte[0]));
        body.putInt(0).putInt((int) (unixNanos >>> 32)).putInt((int) unixNanos);
        body.putInt(bytes.length).putInt(length);
        putPadded(body, bytes);
        putOption(body, COMMENT, text);
        putOption(body, (short) 0, new byte[0]);
        writeBlock(ENHANCED_PACKET, body);
    }

    private static ByteBuffer body(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int padded(int length) {
        return length + 3 & ~3;
    }

    private static int option(byte[] value) {
        return 4 + padded(value.length);
    }

    private static void putOption(ByteBuffer body, short code, byte[] value) {
        body.putShort(code).putShort((short) value.length);
        putPadded(body, value);
    }

    private static void putPadded(ByteBuffer body, byte[] bytes) {
        body.put(bytes).position(body.position() + padded(bytes.length) - bytes.length);
    }

    private void writeBlock(int type, ByteBuffer body) throws IOException {
        int length = body.capacity() + FRAME;
        ByteBuffer block = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        block.putInt(type).putInt(length).put(body.flip()).putInt(length);
        out.write(block.array());
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
