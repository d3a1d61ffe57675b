package dev.sluice.cluster.packet;

import java.nio.ByteBuffer;

/** The internet checksum (RFC 1071), and changing one for a changed word (RFC 1624). */
final class Checksum {
    private Checksum() {}

    /** Fills in the checksum of the IPv4 header at an offset. */
    static void writeIpv4(ByteBuffer bytes, int ip) {
        bytes.putShort(ip + Wire.IPV4_CHECKSUM, (short) 0);
        int sum = sum(bytes, ip, Wire.IPV4_LENGTH);
        bytes.putShort(ip + Wire.IPV4_CHECKSUM, (short) ~fold(sum));
    }

    /** One's complement sum in 16 bits. */
    static int fold(int sum) {
        int folded = (sum & 0xffff) + (sum >>> 16);
        return (folded + (folded >>> 16)) & 0xffff;
    }

    /** Of bytes as 16-bit words; an odd number of bytes is never asked for. */
    static int sum(ByteBuffer bytes, int from, int count) {
        int sum = 0;
        for (int at = from; at < from + count; at += 2) {
            sum += Short.toUnsignedInt(bytes.getShort(at));
        }
        return sum;
    }
}
