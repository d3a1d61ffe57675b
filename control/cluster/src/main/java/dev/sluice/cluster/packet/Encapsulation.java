package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Outer headers to write: docs/wire.md.
 *
 * @param source of the outer packet: the host that sends it
 * @param sourcePort of the outer packet
 * @param hops not empty; the first is where the packet goes
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

    /** Of the headers, without Ethernet. */
    int length() {
        return Wire.IPV4_LENGTH + Wire.UDP_LENGTH + Wire.GUE_LENGTH + privateLength();
    }

    private int privateLength() {
        int stamp =
                switch (wire) {
                    case SLUICE -> Wire.STAMP_LENGTH;
                    case GLB -> 0;
                };
        return Wire.PRIVATE_HEAD_LENGTH + stamp + (hops.size() - 1) * Wire.HOP_LENGTH;
    }

    /**
     * @param rest the client's packet, and what follows it in the frame
     * @param innerLength of the client's packet
     */
    byte[] wrap(byte[] destinationMac, byte[] sourceMac, Frame rest, int from, int innerLength) {
        ByteBuffer out =
                ByteBuffer.allocate(Wire.ETHERNET_LENGTH + length() + rest.length() - from);
        out.put(destinationMac).put(sourceMac).putShort((short) Wire.TYPE_IPV4);
        putIpv4(out, innerLength);
        out.putShort((short) sourcePort);
        out.putShort((short) Wire.GUE_PORT);
        out.putShort((short) (length() - Wire.IPV4_LENGTH + innerLength));
        out.putShort((short) 0);
        putGue(out);
        out.put(rest.slice(from, rest.length() - from));
        return out.array();
    }

    private void putIpv4(ByteBuffer out, int innerLength) {
        int start = out.position();
        out.put((byte) Wire.PLAIN_VERSION_IHL).put((byte) 0);
        out.putShort((short) (length() + innerLength));
        out.putShort((short) 0);
        out.putShort((short) Wire.DONT_FRAGMENT);
        out.put((byte) Wire.OUTER_TTL).put((byte) Wire.UDP).putShort((short) 0);
        out.put(source.bytes()).put(hops.getFirst().bytes());
        Checksum.writeIpv4(out, start);
    }

    private void putGue(ByteBuffer out) {
        out.put((byte) (privateLength() / 4)).put((byte) Wire.IPIP).putShort((short) 0);
        out.putShort(
                (short)
                        switch (wire) {
                            case SLUICE -> Wire.PRIVATE_SLUICE;
                            case GLB -> Wire.PRIVATE_GLB;
                        });
        out.put((byte) 0).put((byte) (hops.size() - 1));
        if (wire == PoolSpec.Wire.SLUICE) {
            out.put((byte) open).put((byte) rescues).putShort((short) 0).putLong(generation);
        }
        hops.stream().skip(1).forEach(hop -> out.put(hop.bytes()));
    }
}
