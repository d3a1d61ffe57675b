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
    private static final Address CLIENT = Address.parse("198.19.0.7");
    private static final Address CLIENT6 = Address.parse("2001:db8:c::7");
    private static final Address VIP = TestPools.VIP;
    private static final Address VIP6 = Address.parse("2001:db8:f::10");
    private static final Address ROUTER6 = Address.parse("2001:db8:1::1");
    private static final Address SOURCE6 = Address.parse("2001:db8:d::1");
    private static final Set<HashField> ALL = EnumSet.allOf(HashField.class);
    private static final Set<HashField> ADDRESSES =
            EnumSet.of(HashField.SOURCE_ADDRESS, HashField.DESTINATION_ADDRESS);
    private static final Underlay UNDERLAY = Underlay.of(DirectorCase.DIRECTOR).and(SOURCE6);
    private static final HexFormat HEX = HexFormat.of();

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

    private static Variant variant(
            String name, ForwardingTable table, byte[] frame, DirectorCounter expected) {
        return new Variant(name, UNDERLAY, List.of(table), frame, expected, Optional.empty());
    }

    static Stream<Variant> all() {
        return Stream.of(
                        ipv6(),
                        extensions(),
                        unreadableExtensions(),
                        tags(),
                        fragments(),
                        icmp6(),
                        binds(),
                        underlays(),
                        tooBig(),
                        migration())
                .flatMap(s -> s);
    }

    private static List<Bind> both(int port) {
        return List.of(
                Bind.tcp(VIP, port),
                new Bind(VIP, 32, Protocol.UDP, port, port),
                Bind.tcp(VIP6, port),
                new Bind(VIP6, 128, Protocol.UDP, port, port));
    }

    static PoolSpec spec(Wire wire, Set<HashField> fields, List<Bind> binds) {
        return new PoolSpec(wire, new SipHash.Key(1, 2), new SipHash.Key(3, 4), fields, binds);
    }

    private static ForwardingTable pool(String name, PoolSpec spec) {
        return TestPools.table(name, spec, 7, "p1 p2 p3", "p3 p4 p5");
    }

    private static ForwardingTable web(Set<HashField> fields) {
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

    private static byte[] segment(int port) {
        return TestFrames.tcp(40_000, port, TestFrames.ACK, 1, 2);
    }

    static byte[] frame4(byte[] packet) {
        return TestFrames.ethernet(packet);
    }

    static byte[] frame6(byte[] packet) {
        return typed(0x86dd, packet);
    }

    private static byte[] typed(int type, byte[] payload) {
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

    private static Stream<Variant> ipv6() {
        ForwardingTable all = web(ALL);
        byte[] udp = TestFrames.udp(40_000, 443, new byte[9]);
        Stream<Variant> hashed =
                EnumSet.allOf(HashField.class).stream()
                        .map(field ->
                                variant(
                                        "TCP over IPv6, hashed by " + field,
                                        web(EnumSet.of(field)),
                                        frame6(tcp6(443)),
                                        DirectorCounter.FORWARDED));
        Stream<Variant> others =
                Stream.of(
                        variant("TCP over IPv6", all, frame6(tcp6(443)), DirectorCounter.FORWARDED),
                        variant(
                                "TCP over IPv6, in GLB's bytes",
                                pool("web", spec(Wire.GLB, ALL, both(443))),
                                frame6(tcp6(443)),
                                DirectorCounter.FORWARDED),
                        variant(
                                "UDP over IPv6",
                                all,
                                frame6(ipv6(17, CLIENT6, VIP6, udp)),
                                DirectorCounter.FORWARDED),
                        variant(
                                "IPv6, another port",
                                all,
                                frame6(tcp6(444)),
                                DirectorCounter.PASS_NO_BIND),
                        variant(
                                "an IPv4 VIP written as IPv6",
                                all,
                                frame6(ipv6(6, CLIENT6, VIP6, segment(443))),
                                DirectorCounter.FORWARDED),
                        variant(
                                "IPv6 that ends before its ports",
                                all,
                                frame6(DirectorCases.set16(tcp6(443), 4, 3)),
                                DirectorCounter.PASS_MALFORMED));
        return Stream.concat(hashed, others);
    }

    private static byte[] extension(int next, int length, byte... rest) {
        byte[] header = Arrays.copyOf(rest, length - 2);
        return TestFrames.concat(new byte[] {(byte) next, (byte) (length / 8 - 1)}, header);
    }

    /** A segment behind so many destination options of eight bytes. */
    private static byte[] behindOptions(int count) {
        byte[] packet = segment(443);
        for (int i = 0; i < count; i++) {
            packet = TestFrames.concat(extension(i == 0 ? 6 : 60, 8), packet);
        }
        return packet;
    }

    private static Variant extended(
            String name, int next, byte[] payload, DirectorCounter expected) {
        return variant(name, web(ALL), frame6(ipv6(next, CLIENT6, VIP6, payload)), expected);
    }

    private static Stream<Variant> extensions() {
        byte[] options = TestFrames.concat(extension(6, 16), segment(443));
        byte[] authentication = {6, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2};
        byte[] withOptions =
                TestFrames.ipv4(6, CLIENT, VIP, TestFrames.concat(new byte[8], segment(443)));
        withOptions[0] = 0x47;
        return Stream.of(
                variant("IPv4 options", web(ALL), frame4(withOptions), DirectorCounter.FORWARDED),
                extended("hop-by-hop options", 0, options, DirectorCounter.FORWARDED),
                extended("destination options", 60, options, DirectorCounter.FORWARDED),
                extended(
                        "authentication header",
                        51,
                        TestFrames.concat(authentication, segment(443)),
                        DirectorCounter.FORWARDED),
                extended("a routing header at its end", 43, options, DirectorCounter.FORWARDED),
                extended(
                        "eight extension headers",
                        60,
                        behindOptions(8),
                        DirectorCounter.FORWARDED));
    }

    private static Stream<Variant> unreadableExtensions() {
        byte[] route = extension(6, 8, (byte) 0, (byte) 1);
        byte[] longer = {6, (byte) 200, 0, 0, 0, 0, 0, 0};
        return Stream.of(
                extended(
                        "a source route",
                        43,
                        TestFrames.concat(route, segment(443)),
                        DirectorCounter.PASS_EXTENSIONS),
                extended(
                        "nine extension headers",
                        60,
                        behindOptions(9),
                        DirectorCounter.PASS_EXTENSIONS),
                extended(
                        "an extension header longer than the packet",
                        60,
                        longer,
                        DirectorCounter.PASS_MALFORMED),
                extended("no next header", 59, segment(443), DirectorCounter.PASS_PROTOCOL));
    }

    private static byte[] tagged(byte[] frame, String... tags) {
        byte[] head = Arrays.copyOf(frame, 12);
        byte[] rest = Arrays.copyOfRange(frame, 12, frame.length);
        return TestFrames.concat(
                TestFrames.concat(head, HEX.parseHex(String.join("", tags))), rest);
    }

    private static Stream<Variant> tags() {
        ForwardingTable all = web(ALL);
        byte[] four = frame4(TestFrames.ipv4(6, CLIENT, VIP, segment(443)));
        return Stream.of(
                variant("802.1Q", all, tagged(four, "81000064"), DirectorCounter.FORWARDED),
                variant(
                        "802.1ad around 802.1Q",
                        all,
                        tagged(frame6(tcp6(443)), "88a80005", "81000064"),
                        DirectorCounter.FORWARDED),
                variant(
                        "802.1Q, over IPv6",
                        overIpv6(spec(Wire.SLUICE, ALL, both(443))),
                        tagged(four, "81000064"),
                        DirectorCounter.FORWARDED),
                variant(
                        "three tags",
                        all,
                        tagged(four, "88a80005", "81000064", "81000065"),
                        DirectorCounter.PASS_NOT_IP),
                variant(
                        "ARP behind a tag",
                        all,
                        DirectorCases.set16(tagged(four, "81000064"), 16, 0x0806),
                        DirectorCounter.PASS_NOT_IP));
    }

    private static byte[] fragment4(int protocol, int bits) {
        return DirectorCases.set16(
                frame4(TestFrames.ipv4(protocol, CLIENT, VIP, segment(443))), 14 + 6, bits);
    }

    private static byte[] fragment6(int next, int bits) {
        byte[] header = {(byte) next, 0, (byte) (bits >> 8), (byte) bits, 1, 2, 3, 4};
        return frame6(ipv6(44, CLIENT6, VIP6, TestFrames.concat(header, segment(443))));
    }

    private static Stream<Variant> fragments() {
        ForwardingTable ports = web(ALL);
        ForwardingTable addresses = web(ADDRESSES);
        PoolSpec api =
                spec(Wire.SLUICE, ADDRESSES, List.of(new Bind(VIP, 32, Protocol.UDP, 53, 53)));
        List<ForwardingTable> two = List.of(addresses, pool("api", api));
        return Stream.of(
                variant(
                        "first of IPv4",
                        addresses,
                        fragment4(17, 0x2000),
                        DirectorCounter.FORWARDED),
                variant(
                        "later of IPv4",
                        addresses,
                        fragment4(17, 0x00b9),
                        DirectorCounter.FORWARDED),
                variant("of TCP", addresses, fragment4(6, 0x2000), DirectorCounter.FORWARDED),
                variant(
                        "of IPv4, ports hashed",
                        ports,
                        fragment4(17, 1),
                        DirectorCounter.DROP_FRAGMENT),
                variant(
                        "of an echo request, ports hashed",
                        ports,
                        fragment4(1, 0x2000),
                        DirectorCounter.FORWARDED),
                variant("of GRE", addresses, fragment4(47, 0x2000), DirectorCounter.PASS_PROTOCOL),
                variant("first of IPv6", addresses, fragment6(17, 1), DirectorCounter.FORWARDED),
                variant("later of IPv6", addresses, fragment6(17, 0x58), DirectorCounter.FORWARDED),
                variant(
                        "later of IPv6, ports hashed",
                        ports,
                        fragment6(6, 0x58),
                        DirectorCounter.DROP_FRAGMENT),
                variant(
                        "an atomic one is whole",
                        ports,
                        fragment6(6, 0),
                        DirectorCounter.FORWARDED),
                variant(
                        "of nobody's address",
                        addresses,
                        DirectorCases.set8(fragment4(17, 1), 14 + 19, 99),
                        DirectorCounter.PASS_NO_BIND),
                new Variant(
                        "of an address with two pools",
                        UNDERLAY,
                        two,
                        fragment4(17, 1),
                        DirectorCounter.DROP_FRAGMENT,
                        Optional.empty()),
                new Variant(
                        "of an address with two pools, one of which has the protocol",
                        UNDERLAY,
                        two,
                        fragment4(6, 1),
                        DirectorCounter.FORWARDED,
                        Optional.empty()));
    }

    private static byte[] message6(int type, byte[] quoted) {
        return frame6(ipv6(58, ROUTER6, VIP6, TestFrames.icmp(type, 0, quoted)));
    }

    private static Stream<Variant> icmp6() {
        ForwardingTable all = web(ALL);
        byte[] ours = ipv6(6, VIP6, CLIENT6, TestFrames.tcp(443, 40_000, TestFrames.ACK, 1, 2));
        byte[] extended =
                ipv6(
                        0,
                        VIP6,
                        CLIENT6,
                        TestFrames.concat(
                                extension(6, 8),
                                TestFrames.tcp(443, 40_000, TestFrames.ACK, 1, 2)));
        byte[] foreign =
                ipv6(6, ROUTER6, CLIENT6, TestFrames.tcp(443, 40_000, TestFrames.ACK, 1, 2));
        return Stream.of(
                variant("too big 6", all, message6(2, ours), DirectorCounter.FORWARDED),
                variant("time exceeded 6", all, message6(3, ours), DirectorCounter.FORWARDED),
                variant(
                        "quotes extension headers",
                        all,
                        message6(1, extended),
                        DirectorCounter.FORWARDED),
                variant(
                        "quotes somebody else's 6",
                        all,
                        message6(1, foreign),
                        DirectorCounter.PASS_QUOTE),
                variant(
                        "echo request 6",
                        all,
                        message6(128, new byte[8]),
                        DirectorCounter.FORWARDED),
                variant(
                        "neighbour solicitation",
                        all,
                        message6(135, new byte[16]),
                        DirectorCounter.PASS_PROTOCOL),
                variant(
                        "router advertisement",
                        all,
                        message6(134, new byte[16]),
                        DirectorCounter.PASS_PROTOCOL));
    }

    private static Stream<Variant> binds() {
        Address block = Address.parse("203.0.113.0");
        List<ForwardingTable> tables =
                List.of(
                        pool(
                                "all",
                                spec(
                                        Wire.SLUICE,
                                        ALL,
                                        List.of(
                                                new Bind(block, 24, Protocol.TCP, 1, 65_535),
                                                new Bind(
                                                        Address.parse("2001:db8::"),
                                                        32,
                                                        Protocol.TCP,
                                                        1,
                                                        65_535)))),
                        TestPools.table(
                                "range",
                                spec(
                                        Wire.SLUICE,
                                        ALL,
                                        List.of(new Bind(VIP, 32, Protocol.TCP, 400, 500))),
                                7,
                                "p6"),
                        TestPools.table(
                                "exact",
                                spec(Wire.SLUICE, ALL, List.of(Bind.tcp(VIP, 443))),
                                7,
                                "p5"));
        return Stream.of(
                bound("a block", tables, "203.0.113.77", 443),
                bound("a range of ports before a block", tables, "203.0.113.10", 450),
                bound("one port before a range", tables, "203.0.113.10", 443),
                bound("a block beside a range", tables, "203.0.113.10", 501),
                bound("the first of a range", tables, "203.0.113.10", 400),
                bound("the last of a range", tables, "203.0.113.10", 500),
                bound("the last of a block", tables, "203.0.113.255", 65_535),
                new Variant(
                        "a block of IPv6",
                        UNDERLAY,
                        tables,
                        frame6(tcp6(1)),
                        DirectorCounter.FORWARDED,
                        Optional.empty()),
                new Variant(
                        "an echo request in a block",
                        UNDERLAY,
                        tables,
                        frame4(
                                TestFrames.ipv4(
                                        1,
                                        CLIENT,
                                        Address.parse("203.0.113.9"),
                                        TestFrames.icmp(8, 0, new byte[8]))),
                        DirectorCounter.FORWARDED,
                        Optional.empty()));
    }

    private static Variant bound(String name, List<ForwardingTable> tables, String vip, int port) {
        byte[] frame = frame4(TestFrames.ipv4(6, CLIENT, Address.parse(vip), segment(port)));
        return new Variant(
                name, UNDERLAY, tables, frame, DirectorCounter.FORWARDED, Optional.empty());
    }

    private static Stream<Variant> underlays() {
        ForwardingTable six =
                overIpv6(spec(Wire.SLUICE, EnumSet.of(HashField.SOURCE_ADDRESS), both(443)));
        return Stream.of(
                variant("IPv6 over IPv6", six, frame6(tcp6(443)), DirectorCounter.FORWARDED),
                variant(
                        "IPv4 over IPv6",
                        six,
                        frame4(TestFrames.ipv4(6, CLIENT, VIP, segment(443))),
                        DirectorCounter.FORWARDED));
    }

    private static byte[] large4(int length, int flags) {
        byte[] packet =
                TestFrames.ipv4(
                        6, CLIENT, VIP, TestFrames.concat(segment(443), new byte[length - 40]));
        return DirectorCases.set16(frame4(packet), 14 + 6, flags);
    }

    private static byte[] large6(int length) {
        return frame6(
                ipv6(6, CLIENT6, VIP6, TestFrames.concat(segment(443), new byte[length - 60])));
    }

    private static Variant limited(String name, byte[] frame, DirectorCounter expected) {
        return new Variant(
                name, UNDERLAY.withMtu(1500), List.of(web(ALL)), frame, expected, Optional.empty());
    }

    /** Sixty bytes are kept for the longest headers. */
    private static Stream<Variant> tooBig() {
        byte[] error =
                frame4(
                        TestFrames.ipv4(
                                1,
                                CLIENT,
                                VIP,
                                TestFrames.icmp(
                                        3,
                                        4,
                                        TestFrames.concat(
                                                TestFrames.ipv4(
                                                        6,
                                                        VIP,
                                                        CLIENT,
                                                        TestFrames.tcp(443, 40_000, 16, 1, 2)),
                                                new byte[1400]))));
        return Stream.of(
                limited("fits", large4(1440, 0x4000), DirectorCounter.FORWARDED),
                limited("one byte too many", large4(1441, 0x4000), DirectorCounter.TOO_BIG_SENT),
                limited(
                        "too many, tagged",
                        tagged(large4(1500, 0x4000), "81000064"),
                        DirectorCounter.TOO_BIG_SENT),
                limited(
                        "too many, may be fragmented",
                        large4(1441, 0),
                        DirectorCounter.DROP_TOO_BIG),
                limited("fits, IPv6", large6(1440), DirectorCounter.FORWARDED),
                limited("one byte too many, IPv6", large6(1441), DirectorCounter.TOO_BIG_SENT),
                limited("an error that is too big", error, DirectorCounter.DROP_TOO_BIG));
    }

    private static Stream<Variant> migration() {
        byte[] four = frame4(TestFrames.ipv4(6, CLIENT, VIP, segment(443)));
        return Stream.of(Wire.values())
                .flatMap(wire -> {
                    PoolSpec before = spec(wire, EnumSet.of(HashField.SOURCE_ADDRESS), both(443));
                    PoolSpec after = before.migratingTo(ALL);
                    ForwardingTable table = TestPools.table("web", after, 7, "p1 p2 p3 p4 p5 p6");
                    return Stream.of(
                            variant(
                                    "hash fields change, " + wire,
                                    table,
                                    four,
                                    DirectorCounter.FORWARDED),
                            variant(
                                    "hash fields change for IPv6, " + wire,
                                    table,
                                    frame6(tcp6(443)),
                                    DirectorCounter.FORWARDED));
                });
    }
}
