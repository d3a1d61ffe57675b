package dev.sluice.cluster.pcap;

import java.io.Closeable;
import java.io.Flushable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes libpcap's classic format: little-endian, microseconds, Ethernet. Confined to a thread. */
public final class PcapWriter implements Closeable, Flushable {
    private static final short MAJOR = 2;
    private static final short MINOR = 4;

    private final OutputStream out;

    /** Writes the header. */
    public PcapWriter(OutputStream out) throws IOException {
        this.out = out;
        byte[] header = new byte[Pcap.HEADER_LENGTH];
        ByteBuffer.wrap(header)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Pcap.MICROSECONDS)
                .putShort(MAJOR)
                .putShort(MINOR)
                .putInt(16, Pcap.MAX_FRAME)
                .putInt(20, Pcap.ETHERNET);
        out.write(header);
    }

    /**
     * One frame, of which {@code bytes} may be only the beginning.
     *
     * @param length of the whole frame
     */
    public void write(long unixMicros, byte[] bytes, int length) throws IOException {
        byte[] head = new byte[Pcap.RECORD_LENGTH];
        ByteBuffer.wrap(head)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (unixMicros / 1_000_000))
                .putInt((int) (unixMicros % 1_000_000))
                .putInt(bytes.length)
                .putInt(length);
        out.write(head);
        out.write(bytes);
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
