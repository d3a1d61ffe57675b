package dev.sluice.datapath;

import static dev.sluice.datapath.DirectorVariants.ALL;
import static dev.sluice.datapath.DirectorVariants.CLIENT;
import static dev.sluice.datapath.DirectorVariants.CLIENT6;
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

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.DirectorVariants.Variant;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Binds and underlays of every kind, limits of length, a change of hash fields. */
final class PoolVariants {
    private PoolVariants() {}

    static Stream<Variant> all() {
        return Stream.of(binds(), underlays(), tooBig(), migration()).flatMap(s -> s);
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
