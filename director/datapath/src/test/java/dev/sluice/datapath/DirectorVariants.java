package dev.sluice.datapath;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Frames of every class, pools of every kind. */
final class DirectorVariants {
    static final Address CLIENT = Address.parse("198.19.0.7");
    static final Address CLIENT6 = Address.parse("2001:db8:c::7");
    static final Address VIP = TestPools.VIP;
    static final Address VIP6 = Address.parse("2001:db8:f::10");
    static final Address ROUTER6 = Address.parse("2001:db8:1::1");
    static final Address SOURCE6 = Address.parse("2001:db8:d::1");
    static final Set<HashField> ALL = EnumSet.allOf(HashField.class);
    static final Set<HashField> ADDRESSES =
            EnumSet.of(HashField.SOURCE_ADDRESS, HashField.DESTINATION_ADDRESS);
    static final Underlay UNDERLAY = Underlay.of(DirectorCase.DIRECTOR).and(SOURCE6);
    static final HexFormat HEX = HexFormat.of();

    private DirectorVariants() {}

    /**
     * @param bytes that come out, where they are written down
     */
    record Variant(
            String name,
            Underlay underlay,
            List<ForwardingTable> tables,
            byte[] frame,
            DirectorCounter expected,
            Optional<byte[]> bytes) {
        @Override
        public String toString() {
            return name;
        }

        Variant gives(String hex) {
            return new Variant(
                    name, underlay, tables, frame, expected, Optional.of(HEX.parseHex(hex)));
        }
    }

    static Variant variant(
            String name, ForwardingTable table, byte[] frame, DirectorCounter expected) {
        return new Variant(name, UNDERLAY, List.of(table), frame, expected, Optional.empty());
    }

    static Stream<Variant> all() {
        return Stream.of(Ipv6Variants.all(), FrameVariants.all(), PoolVariants.all())
                .flatMap(s -> s);
    }

    static List<Bind> both(int port) {
        return List.of(
                Bind.tcp(VIP, port),
                new Bind(VIP, 32, Protocol.UDP, port, port),
                Bind.tcp(VIP6, port),
                new Bind(VIP6, 128, Protocol.UDP, port, port));
    }

    static PoolSpec spec(Wire wire, Set<HashField> fields, List<Bind> binds) {
        return new PoolSpec(wire, new SipHash.Key(1, 2), new SipHash.Key(3, 4), fields, binds);
    }

    static ForwardingTable pool(String name, PoolSpec spec) {
        return TestPools.table(name, spec, 7, "p1 p2 p3", "p3 p4 p5");
    }

    static ForwardingTable web(Set<HashField> fields) {
        return pool("web", spec(Wire.SLUICE, fields, both(443)));
    }

    /** Proxies at 2001:db8:e::1 to ::4. */
    static ForwardingTable overIpv6(PoolSpec spec) {
        List<Proxy> proxies =
                Stream.of("1", "2", "3", "4")
                        .map(i ->
                                new Proxy(
                                        "p" + i,
                                        Address.parse("2001:db8:e::" + i),
                                        Proxy.State.ACTIVE,
                                        1))
                        .toList();
        List<Epoch.Member> two = List.of(new Epoch.Member("p1", 1), new Epoch.Member("p2", 1));
        List<Epoch.Member> others = List.of(new Epoch.Member("p3", 1), new Epoch.Member("p4", 1));
        return ChainTable.of(
                new PoolState(
                        "six",
                        7,
                        spec,
                        proxies,
                        List.of(
                                new Epoch(2, two, 2, 2, 0, 0, false),
                                new Epoch(1, others, 1, 1, 0, 0, false)),
                        Optional.empty(),
                        3));
    }

    static byte[] segment(int port) {
        return TestFrames.tcp(40_000, port, TestFrames.ACK, 1, 2);
    }

    static byte[] frame4(byte[] packet) {
        return TestFrames.ethernet(packet);
    }

    static byte[] frame6(byte[] packet) {
        return typed(0x86dd, packet);
    }

    static byte[] typed(int type, byte[] payload) {
        return DirectorCases.set16(TestFrames.ethernet(payload), 12, type);
    }

    static byte[] tcp6(int port) {
        return ipv6(6, CLIENT6, VIP6, segment(port));
    }

    /** Flow label 0x54321. */
    static byte[] ipv6(int next, Address source, Address destination, byte[] payload) {
        ByteBuffer ip = ByteBuffer.allocate(40 + payload.length);
        ip.putInt(0x60054321).putShort((short) payload.length);
        ip.put((byte) next).put((byte) 63);
        return ip.put(source.bytes()).put(destination.bytes()).put(payload).array();
    }

    static byte[] tagged(byte[] frame, String... tags) {
        byte[] head = Arrays.copyOf(frame, 12);
        byte[] rest = Arrays.copyOfRange(frame, 12, frame.length);
        return TestFrames.concat(
                TestFrames.concat(head, HEX.parseHex(String.join("", tags))), rest);
    }
}
