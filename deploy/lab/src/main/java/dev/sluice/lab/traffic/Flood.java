package dev.sluice.lab.traffic;

import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.Libc;
import dev.sluice.lab.Topology;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends TCP packets that belong to no connection to the VIP, from a block beside the clients', by a
 * raw socket of the calling thread's namespace. Made for a lab: it knows no other target.
 */
public final class Flood {
    private static final int SOCK_RAW_CLOEXEC = 0x80003;
    private static final int IPPROTO_RAW = 255;
    private static final int IP_LENGTH = 20;
    private static final int LENGTH = 40;

    /** 198.19.15.161 and on: of the clients' block, and none of the 4000 in use. */
    private static final int SOURCES = 198 << 24 | 19 << 16 | 15 << 8 | 0xa1;

    private static final int SOURCE_COUNT = 90;
    private static final byte SYN = 0x02;
    private static final byte ACK = 0x10;

    /** Packets between two looks at the clock. */
    private static final int BURST = 32;

    private final Kind kind;
    private final Random random;
    private final int vip;

    private Flood(Kind kind, long seed) {
        this.kind = kind;
        this.random = new Random(seed);
        this.vip = address(Topology.VIP);
    }

    /** What the packets pretend to be. */
    public enum Kind {
        /** The beginning of a connection that nobody goes on with. */
        SYN,
        /** A part of a connection that never was. */
        ACK
    }

    /**
     * Blocks until it is over.
     *
     * @return how many packets were sent
     */
    public static long run(Kind kind, int packetsPerSecond, Duration length) {
        return new Flood(kind, 1).send(packetsPerSecond, length);
    }

    private long send(int packetsPerSecond, Duration length) {
        long start = System.nanoTime();
        long sent = 0;
        try (Fd socket = Libc.socket(Libc.AF_INET, SOCK_RAW_CLOEXEC, IPPROTO_RAW);
                Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(LENGTH, 8);
            MemorySegment target = arena.allocate(16, 8);
            target.asByteBuffer()
                    .order(ByteOrder.nativeOrder())
                    .putShort((short) Libc.AF_INET)
                    .order(ByteOrder.BIG_ENDIAN)
                    .putShort((short) 0)
                    .putInt(vip);
            while (System.nanoTime() - start < length.toNanos()) {
                for (int i = 0; i < BURST; i++) {
                    write(packet.asByteBuffer().order(ByteOrder.BIG_ENDIAN));
                    Libc.sendTo(socket, packet, target);
                }
                sent += BURST;
                long due = start + sent * 1_000_000_000L / packetsPerSecond;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        return sent;
    }

    /** IPv4 (the kernel fills in length, id and checksum) and TCP without options. */
    private void write(ByteBuffer packet) {
        int source = SOURCES + random.nextInt(SOURCE_COUNT);
        packet.put(0, new byte[LENGTH]);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) LENGTH).putInt(0);
        packet.put((byte) 64).put((byte) 6).putShort((short) 0).putInt(source).putInt(vip);
        packet.putShort((short) (1024 + random.nextInt(60_000)));
        packet.putShort((short) Topology.HTTP_PORT);
        packet.putInt(random.nextInt()).putInt(kind == Kind.ACK ? random.nextInt() : 0);
        packet.put((byte) 0x50).put(kind == Kind.ACK ? ACK : SYN).putShort((short) 65_535);
        packet.putShort(IP_LENGTH + 16, checksum(packet, source));
    }

    /** RFC 9293, 3.1, over the pseudo-header and the segment. */
    private short checksum(ByteBuffer packet, int source) {
        long sum = (long) (source >>> 16) + (source & 0xffff) + (vip >>> 16) + (vip & 0xffff);
        sum += 6 + (LENGTH - IP_LENGTH);
        for (int at = IP_LENGTH; at < LENGTH; at += 2) {
            sum += packet.getShort(at) & 0xffff;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (short) ~sum;
    }

    private static int address(String text) {
        int address = 0;
        for (String octet : text.split("\\.", -1)) {
            address = address << 8 | Integer.parseInt(octet);
        }
        return address;
    }
}
