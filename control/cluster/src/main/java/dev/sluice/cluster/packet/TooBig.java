package dev.sluice.cluster.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The answer to a packet that would not fit into the underlay with its outer headers: ICMP
 * "fragmentation needed" (RFC 792, 1191) or ICMPv6 "packet too big" (RFC 4443) in the VIP's name.
 */
final class TooBig {
    private static final int QUOTED4 = 128;
    private static final int QUOTED6 = 1232;

    private TooBig() {}

    /**
     * @param packet at least as long as what is quoted, for no smaller one is too big
     * @param mtu that the client may use
     */
    static byte[] answer(byte[] packet, boolean isIpv4, int mtu) {
        return isIpv4
                ? answer4(Arrays.copyOf(packet, QUOTED4), mtu)
                : answer6(Arrays.copyOf(packet, QUOTED6), mtu);
    }

    static int quoted(boolean isIpv4) {
        return isIpv4 ? QUOTED4 : QUOTED6;
    }

    private static byte[] answer4(byte[] quoted, int mtu) {
        ByteBuffer out = ByteBuffer.allocate(Wire.IPV4_LENGTH + Wire.ICMP_LENGTH + QUOTED4);
        out.put((byte) Wire.PLAIN_VERSION_IHL).put((byte) 0).putShort((short) out.capacity());
        out.putInt(0).put((byte) Wire.OUTER_TTL).put((byte) Wire.ICMP).putShort((short) 0);
        out.put(quoted, Wire.IPV4_DESTINATION, Wire.IPV4_ADDRESS);
        out.put(quoted, Wire.IPV4_SOURCE, Wire.IPV4_ADDRESS);
        Checksum.writeIpv4(out, 0);
        out.put((byte) Wire.ICMP_UNREACHABLE).put((byte) Wire.ICMP_TOO_BIG_CODE);
        out.putShort((short) 0).putInt(mtu).put(quoted);
        int sum = Checksum.sum(out, Wire.IPV4_LENGTH, Wire.ICMP_LENGTH + QUOTED4);
        return out.putShort(Wire.IPV4_LENGTH + 2, (short) ~Checksum.fold(sum)).array();
    }

    private static byte[] answer6(byte[] quoted, int mtu) {
        ByteBuffer out = ByteBuffer.allocate(Wire.IPV6_LENGTH + Wire.ICMP_LENGTH + QUOTED6);
        int payload = Wire.ICMP_LENGTH + QUOTED6;
        out.putInt(0x60000000).putShort((short) payload);
        out.put((byte) Wire.ICMPV6).put((byte) Wire.OUTER_TTL);
        out.put(quoted, Wire.IPV6_DESTINATION, Wire.IPV6_ADDRESS);
        out.put(quoted, Wire.IPV6_SOURCE, Wire.IPV6_ADDRESS);
        out.put((byte) Wire.ICMPV6_TOO_BIG).put((byte) 0).putShort((short) 0).putInt(mtu);
        out.put(quoted);
        // RFC 8200 §8.1: both addresses, length and protocol are in the sum.
        int sum = payload + Wire.ICMPV6 + Checksum.sum(out, Wire.IPV6_SOURCE, 32 + payload);
        return out.putShort(Wire.IPV6_LENGTH + 2, (short) ~Checksum.fold(sum)).array();
    }
}
