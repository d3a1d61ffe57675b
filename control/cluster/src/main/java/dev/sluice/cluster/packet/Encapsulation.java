package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Outer headers to write: docs/wire.md.
 *
 * @param source of the outer packet: the host that sends it
 * @param sourcePort of the outer packet
 * @param hops not empty, of one family; the first is where the packet goes
 * @param open how many of the first hops may take new flows
 */
record Encapsulation(
        Address source,
        int sourcePort,
        PoolSpec.Wire wire,
        long generation,
        int open,
        int rescues,
        List<Address> hops) {

    Encapsulation {
        hops = List.copyOf(hops);
    }

    /** GLB's: spreads flows over receive queues and paths of the underlay, stable per flow. */
    static int sourcePort(long hash, int portHint) {
        return 0x8000 | (((int) hash ^ portHint) & 0x7fff);
    }

    /**
     * The length of the longest headers that a pool's packets may get, here or by rescue.
     *
     * @param mayGrow GLB's chains have two hops, or four while hash fields are changed
     */
    static int longest(PoolSpec.Wire wire, boolean isIpv4, boolean mayGrow) {
        boolean isGlb = wire == PoolSpec.Wire.GLB;
        int hops = isGlb && !mayGrow ? 2 : PoolState.MAX_HOPS;
        return fixed(wire, isIpv4) + (hops - 1) * hopLength(isIpv4);
    }

    private static int hopLength(boolean isIpv4) {
        return isIpv4 ? Wire.IPV4_ADDRESS : Wire.IPV6_ADDRESS;
    }

    private static int fixed(PoolSpec.Wire wire, boolean isIpv4) {
        int stamp =
                switch (wire) {
                    case SLUICE -> Wire.STAMP_LENGTH;
                    case GLB -> 0;
                };
        int ip = isIpv4 ? Wire.IPV4_LENGTH : Wire.IPV6_LENGTH;
        return ip + Wire.UDP_LENGTH + Wire.GUE_LENGTH + Wire.PRIVATE_HEAD_LENGTH + stamp;
    }

    private boolean isIpv4() {
        return hops.getFirst().isIpv4();
    }

    /** Ethernet's for the outer version of IP. */
    int type() {
        return isIpv4() ? Wire.TYPE_IPV4 : Wire.TYPE_IPV6;
    }

    /** Of the headers, without link layer. */
    int length() {
        return fixed(wire, isIpv4()) + (hops.size() - 1) * hopLength(isIpv4());
    }

    /** The headers to put in front of a client's packet. */
    byte[] headers(InnerPacket inner) {
        ByteBuffer out = ByteBuffer.allocate(length());
        if (isIpv4()) {
            putIpv4(out, inner.length());
        } else {
            putIpv6(out, inner.length());
        }
        int ip = isIpv4() ? Wire.IPV4_LENGTH : Wire.IPV6_LENGTH;
        out.putShort((short) sourcePort);
        out.putShort((short) Wire.GUE_PORT);
        out.putShort((short) (length() - ip + inner.length()));
        out.putShort((short) 0);
        int rest = length() - ip - Wire.UDP_LENGTH - Wire.GUE_LENGTH;
        out.put((byte) (rest / 4)).put((byte) (inner.isIpv4() ? Wire.IPIP : Wire.IPV6));
        out.putShort((short) 0);
        putPrivate(out);
        return out.array();
    }

    private void putIpv4(ByteBuffer out, int innerLength) {
        out.put((byte) Wire.PLAIN_VERSION_IHL).put((byte) 0);
        out.putShort((short) (length() + innerLength));
        out.putShort((short) 0);
        out.putShort((short) Wire.DONT_FRAGMENT);
        out.put((byte) Wire.OUTER_TTL).put((byte) Wire.UDP).putShort((short) 0);
        out.put(source.bytes()).put(hops.getFirst().bytes());
        Checksum.writeIpv4(out, 0);
    }

    private void putIpv6(ByteBuffer out, int innerLength) {
        out.putInt(0x60000000);
        out.putShort((short) (length() - Wire.IPV6_LENGTH + innerLength));
        out.put((byte) Wire.UDP).put((byte) Wire.OUTER_TTL);
        out.put(source.bytes()).put(hops.getFirst().bytes());
    }

    private int privateType() {
        return switch (wire) {
            case SLUICE -> isIpv4() ? Wire.PRIVATE_SLUICE : Wire.PRIVATE_SLUICE6;
            case GLB -> Wire.PRIVATE_GLB;
        };
    }

    private void putPrivate(ByteBuffer out) {
        out.putShort((short) privateType());
        out.put((byte) 0).put((byte) (hops.size() - 1));
        if (wire == PoolSpec.Wire.SLUICE) {
            out.put((byte) open).put((byte) rescues).putShort((short) 0).putLong(generation);
        }
        hops.stream().skip(1).forEach(hop -> out.put(hop.bytes()));
    }
}
