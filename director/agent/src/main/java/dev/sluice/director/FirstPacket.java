package dev.sluice.director;

import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;

import java.nio.ByteBuffer;

/** The first frame of a flow: a TCP SYN, or an empty UDP datagram. Checksums are left out. */
final class FirstPacket {
    private static final int ETHERNET = 14;
    private static final int TYPE = 12;
    private static final short TYPE_IPV4 = 0x0800;
    private static final short TYPE_IPV6 = (short) 0x86dd;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TCP = 20;
    private static final int UDP = 8;
    private static final byte TTL = 64;
    private static final byte SYN = 2;

    private FirstPacket() {}

    static byte[] of(FlowKey flow) {
        boolean isTcp = flow.protocol() == Protocol.TCP;
        boolean isIpv4 = flow.destination().isIpv4();
        int transport = isTcp ? TCP : UDP;
        ByteBuffer out =
                ByteBuffer.allocate(ETHERNET + (isIpv4 ? IPV4 : IPV6) + transport).position(TYPE);
        if (isIpv4) {
            putIpv4(out, flow, transport);
        } else {
            putIpv6(out, flow, transport);
        }
        out.putShort((short) flow.sourcePort()).putShort((short) flow.destinationPort());
        if (isTcp) {
            out.putLong(0).put((byte) ((TCP / 4) << 4)).put(SYN);
        } else {
            out.putShort((short) UDP);
        }
        return out.array();
    }

    private static void putIpv4(ByteBuffer out, FlowKey flow, int transport) {
        out.putShort(TYPE_IPV4);
        out.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4 + transport)).putInt(0);
        out.put(TTL).put((byte) flow.protocol().number()).putShort((short) 0);
        out.put(flow.source().bytes()).put(flow.destination().bytes());
    }

    private static void putIpv6(ByteBuffer out, FlowKey flow, int transport) {
        out.putShort(TYPE_IPV6);
        out.putInt(0x60000000).putShort((short) transport);
        out.put((byte) flow.protocol().number()).put(TTL);
        out.put(flow.source().bytes()).put(flow.destination().bytes());
    }
}
