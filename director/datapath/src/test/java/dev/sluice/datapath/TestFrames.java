package dev.sluice.datapath;

import dev.sluice.cluster.pool.Address;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** Frames written by hand from docs/wire.md, apart from the code under test. */
final class TestFrames {
    static final String ROUTER_MAC = "020000000001";
    static final String HOST_MAC = "020000000002";
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;
    private static final int OUTER_PORT = 0x9234;
    private static final HexFormat HEX = HexFormat.of();

    private TestFrames() {}

    static byte[] ethernet(byte[] payload) {
        return concat(HEX.parseHex(HOST_MAC + ROUTER_MAC + "0800"), payload);
    }

    /** The same frame on its way back to the router. */
    static byte[] toRouter(byte[] frame) {
        byte[] macs = HEX.parseHex(ROUTER_MAC + HOST_MAC);
        byte[] out = frame.clone();
        System.arraycopy(macs, 0, out, 0, macs.length);
        return out;
    }

    /** A client's IPv4 packet. */
    static byte[] ipv4(int protocol, Address source, Address destination, byte[] payload) {
        return ipv4(protocol, 0x1234, 63, source, destination, payload);
    }

    private static byte[] ipv4(
            int protocol, int id, int ttl, Address source, Address destination, byte[] payload) {
        ByteBuffer ip = ByteBuffer.allocate(20 + payload.length);
        ip.put((byte) 0x45).put((byte) 0).putShort((short) ip.capacity());
        ip.putShort((short) id).putShort((short) 0x4000);
        ip.put((byte) ttl).put((byte) protocol).putShort((short) 0);
        ip.put(source.bytes()).put(destination.bytes());
        ip.putShort(10, (short) checksum(ip, 0, 20));
        return ip.put(payload).array();
    }

    static byte[] tcp(int source, int destination, int flags, int sequence, int acknowledgement) {
        ByteBuffer tcp = ByteBuffer.allocate(20);
        tcp.putShort((short) source).putShort((short) destination);
        tcp.putInt(sequence).putInt(acknowledgement);
        tcp.put((byte) 0x50).put((byte) flags).putShort((short) 8192);
        return tcp.array();
    }

    static byte[] udp(int source, int destination, byte[] payload) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
        udp.putShort((short) source).putShort((short) destination);
        udp.putShort((short) udp.capacity()).putShort((short) 0);
        return udp.put(payload).array();
    }

    /** An ICMP message: eight bytes, then what it quotes. */
    static byte[] icmp(int type, int code, byte[] quoted) {
        ByteBuffer icmp = ByteBuffer.allocate(8 + quoted.length);
        icmp.put((byte) type).put((byte) code);
        return icmp.position(8).put(quoted).array();
    }

    /** What a director would have sent, in Sluice's private type. */
    static byte[] sluice(
            Address director, Address first, Stamp stamp, List<Address> rest, byte[] inner) {
        return sluice(director, OUTER_PORT, first, stamp, rest, inner);
    }

    static byte[] sluice(
            Address director,
            int port,
            Address first,
            Stamp stamp,
            List<Address> rest,
            byte[] inner) {
        ByteBuffer head = ByteBuffer.allocate(20 + rest.size() * 4);
        head.put((byte) (4 + rest.size()))
                .put((byte) (inner[0] >> 4 == 6 ? 41 : 4))
                .putShort((short) 0);
        head.putShort((short) 1).put((byte) stamp.next()).put((byte) rest.size());
        head.put((byte) stamp.open()).put((byte) stamp.rescues()).putShort((short) 0);
        head.putLong(stamp.generation());
        rest.forEach(hop -> head.put(hop.bytes()));
        return outer(director, port, first, concat(head.array(), inner));
    }

    static byte[] glb(Address director, Address first, List<Address> rest, byte[] inner) {
        return glb(director, OUTER_PORT, first, rest, inner);
    }

    /** What a director would have sent, in GLB's bytes. */
    static byte[] glb(Address director, int port, Address first, List<Address> rest, byte[] inner) {
        ByteBuffer head = ByteBuffer.allocate(8 + rest.size() * 4);
        head.put((byte) (1 + rest.size())).put((byte) 4).putShort((short) 0);
        head.putShort((short) 0).put((byte) 0).put((byte) rest.size());
        rest.forEach(hop -> head.put(hop.bytes()));
        return outer(director, port, first, concat(head.array(), inner));
    }

    /**
     * @param generation whose chain it is
     * @param next index of the hop after this one
     */
    record Stamp(long generation, int next, int open, int rescues) {
        static Stamp of(long generation) {
            return new Stamp(generation, 0, 2, 0);
        }

        Stamp at(int index) {
            return new Stamp(generation, index, open, rescues);
        }

        Stamp rescued(int times) {
            return new Stamp(generation, next, open, times);
        }
    }

    private static byte[] outer(Address director, int port, Address first, byte[] gue) {
        byte[] udp = udp(port, 19523, gue);
        return ethernet(ipv4(17, 0, 64, director, first, udp));
    }

    /** A TCP segment with a valid checksum, for raw sockets. */
    static byte[] checkedTcp(Address source, Address destination, byte[] segment) {
        int addresses = 2 * source.bytes().length;
        ByteBuffer pseudo = ByteBuffer.allocate(addresses + 4 + segment.length);
        pseudo.put(source.bytes()).put(destination.bytes());
        pseudo.putShort((short) 6).putShort((short) segment.length).put(segment);
        ByteBuffer.wrap(segment).putShort(16, (short) checksum(pseudo, 0, pseudo.capacity()));
        return segment;
    }

    private static int checksum(ByteBuffer bytes, int from, int count) {
        int sum = 0;
        for (int at = from; at < from + count; at += 2) {
            sum += Short.toUnsignedInt(bytes.getShort(at));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }

    static byte[] concat(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }
}
