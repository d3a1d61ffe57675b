package dev.sluice.datapath;

import static dev.sluice.datapath.DirectorVariants.ADDRESSES;
import static dev.sluice.datapath.DirectorVariants.ALL;
import static dev.sluice.datapath.DirectorVariants.CLIENT;
import static dev.sluice.datapath.DirectorVariants.CLIENT6;
import static dev.sluice.datapath.DirectorVariants.ROUTER6;
import static dev.sluice.datapath.DirectorVariants.UNDERLAY;
import static dev.sluice.datapath.DirectorVariants.VIP;
import static dev.sluice.datapath.DirectorVariants.VIP6;
import static dev.sluice.datapath.DirectorVariants.both;
import static dev.sluice.datapath.DirectorVariants.frame4;
import static dev.sluice.datapath.DirectorVariants.frame6;
import static dev.sluice.datapath.DirectorVariants.ipv6;
import static dev.sluice.datapath.DirectorVariants.overIpv6;
import static dev.sluice.datapath.DirectorVariants.pool;
import static dev.sluice.datapath.DirectorVariants.segment;
import static dev.sluice.datapath.DirectorVariants.spec;
import static dev.sluice.datapath.DirectorVariants.tagged;
import static dev.sluice.datapath.DirectorVariants.tcp6;
import static dev.sluice.datapath.DirectorVariants.variant;
import static dev.sluice.datapath.DirectorVariants.web;
import static dev.sluice.datapath.Ipv6Variants.extension;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.DirectorVariants.Variant;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is around and instead of TCP: tags, fragments, ICMPv6. */
final class FrameVariants {
    private FrameVariants() {}

    static Stream<Variant> all() {
        return Stream.of(tags(), fragments(), icmp6()).flatMap(s -> s);
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
}
