package dev.sluice.cluster.pcap;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads libpcap's classic format (libpcap's pcap-savefile(5)) of Ethernet frames, in either byte
 * order and with micro- or nanoseconds.
 */
public final class Pcap {
    static final int MICROSECONDS = 0xa1b2c3d4;
    static final int HEADER_LENGTH = 24;
    static final int RECORD_LENGTH = 16;
    static final int ETHERNET = 1;
    static final int MAX_FRAME = 262_144;
    private static final int NANOSECONDS = 0xa1b23c4d;
    private static final int PCAPNG = 0x0a0d0d0a;

    private Pcap() {}

    /**
     * The frames in order, each as far as it was captured.
     *
     * @throws IOException if it is no such capture, or ends within a frame; the message says which
     */
    public static List<byte[]> frames(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        ByteBuffer header = read(data, HEADER_LENGTH, "its header");
        header.order(order(header.getInt(0)));
        int link = header.getInt(20) & 0xffff;
        if (link != ETHERNET) {
            throw new IOException("its link type is " + link + ", not Ethernet (1)");
        }
        List<byte[]> frames = new ArrayList<>();
        for (int first = data.read(); first >= 0; first = data.read()) {
            frames.add(frame(data, first, header.order(), frames.size() + 1));
        }
        return frames;
    }

    private static byte[] frame(DataInputStream data, int first, ByteOrder order, int number)
            throws IOException {
        ByteBuffer head = ByteBuffer.allocate(RECORD_LENGTH).order(order);
        head.put((byte) first).put(read(data, RECORD_LENGTH - 1, "frame " + number));
        int length = head.getInt(8);
        if (length < 0 || length > MAX_FRAME) {
            throw new IOException(
                    "frame " + number + " claims " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] frame = new byte[length];
        read(data, length, "frame " + number).get(frame);
        return frame;
    }

    private static ByteOrder order(int magic) throws IOException {
        int swapped = Integer.reverseBytes(magic);
        if (magic == MICROSECONDS || magic == NANOSECONDS) {
            return ByteOrder.BIG_ENDIAN;
        }
        if (swapped == MICROSECONDS || swapped == NANOSECONDS) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        throw new IOException(
                magic == PCAPNG
                        ? "is a pcapng file; make it a pcap file: editcap -F pcap IN OUT"
                        : "is not a pcap file");
    }

    private static ByteBuffer read(DataInputStream data, int length, String what)
            throws IOException {
        try {
            byte[] bytes = new byte[length];
            data.readFully(bytes);
            return ByteBuffer.wrap(bytes);
        } catch (EOFException e) {
            throw new IOException("ends within " + what, e);
        }
    }
}
