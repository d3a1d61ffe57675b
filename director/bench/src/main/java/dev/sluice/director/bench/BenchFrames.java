package dev.sluice.director.bench;

import dev.sluice.cluster.pool.Address;
import dev.sluice.director.bench.BenchCase.Family;

import java.nio.ByteBuffer;

/** The frame that a case's packets are variations of, and where the variations lie. */
final class BenchFrames {
    static final int PORT = 443;
    static final byte[] DIRECTOR_MAC = {2, 0, 0, 0, 0, 2};
    static final byte[] ROUTER_MAC = {2, 0, 0, 0, 0, 1};
    static final Address CLIENT4 = Address.parse("198.18.0.0");
    static final Address CLIENT6 = Address.parse("2001:db8:c::");
    static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TCP = 20;

    private BenchFrames() {}

    /** Of a frame. */
    static int length(BenchCase c) {
        return Math.max(c.payload(), ETHERNET + ip(c.family()) + TCP);
    }

    private static int ip(Family family) {
        return family == Family.IPV4 ? IPV4 : IPV6;
    }

    /** The VIP number {@code index}: they differ in their last two bytes. */
    static Address vip(Family family, int index) {
        byte[] bytes = Address.parse(family == Family.IPV4 ? "198.19.0.0" : "2001:db8:f::").bytes();
        ByteBuffer.wrap(bytes).putShort(bytes.length - 2, (short) index);
        return Address.of(bytes);
    }

    static byte[] of(BenchCase c) {
        ByteBuffer frame = ByteBuffer.allocate(length(c));
        frame.put(DIRECTOR_MAC).put(ROUTER_MAC);
        switch (c.family()) {
            case IPV4 -> putIpv4(frame);
            case IPV6 -> putIpv6(frame);
        }
        frame.putShort((short) 1024).putShort((short) PORT).putInt(1).putInt(2);
        frame.put((byte) 0x50).put((byte) (c.segment() == BenchCase.Segment.SYN ? 0x02 : 0x10));
        return frame.array();
    }

    private static void putIpv4(ByteBuffer frame) {
        frame.putShort((short) 0x0800);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (frame.capacity() - ETHERNET));
        frame.putShort((short) 1).putShort((short) 0x4000);
        frame.put((byte) 63).put((byte) 6).putShort((short) 0);
        frame.put(CLIENT4.bytes()).put(vip(Family.IPV4, 0).bytes());
    }

    private static void putIpv6(ByteBuffer frame) {
        frame.putShort((short) 0x86dd);
        frame.putInt(0x60000000).putShort((short) (frame.capacity() - ETHERNET - IPV6));
        frame.put((byte) 6).put((byte) 63);
        frame.put(CLIENT6.bytes()).put(vip(Family.IPV6, 0).bytes());
    }

    /** Of the low four bytes of the source address. */
    static int clientOffset(Family family) {
        return ETHERNET + (family == Family.IPV4 ? 12 : 8 + 12);
    }

    /** Of the low four bytes of the destination address. */
    static int vipOffset(Family family) {
        return ETHERNET + (family == Family.IPV4 ? 16 : 24 + 12);
    }
}
