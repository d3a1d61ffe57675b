package dev.sluice.director;

import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;

import java.nio.ByteBuffer;

/** The first frame of a flow: a TCP SYN, or an empty UDP datagram. Checksums are left out. */
final class FirstPacket {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int TCP = 20;
    private static final int UDP = 8;
    private static final byte SYN = 2;

    private FirstPacket() {}

    /**
     * @throws IllegalArgumentException if the flow is not IPv4
     */
    static byte[] of(FlowKey flow) {
        if (!flow.source().isIpv4() || !flow.destination().isIpv4()) {
            throw new IllegalArgumentException("only flows of IPv4 can be traced");
        }
        boolean tcp = flow.protocol() == Protocol.TCP;
        int length = IPV4 + (tcp ? TCP : UDP);
        byte[] frame = new byte[ETHERNET + length];
        ByteBuffer out = ByteBuffer.wrap(frame).putShort(12, (short) 0x0800).position(ETHERNET);
        out.put((byte) 0x45).put((byte) 0).putShort((short) length).putInt(0);
        out.put((byte) 64).put((byte) flow.protocol().number()).putShort((short) 0);
        out.put(flow.source().bytes()).put(flow.destination().bytes());
        out.putShort((short) flow.sourcePort()).putShort((short) flow.destinationPort());
        if (tcp) {
            out.putLong(0).put((byte) ((TCP / 4) << 4)).put(SYN);
        } else {
            out.putShort((short) UDP);
        }
        return frame;
    }
}
