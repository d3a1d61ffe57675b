package dev.sluice.datapath;

import static dev.sluice.datapath.DirectorVariants.ALL;
import static dev.sluice.datapath.DirectorVariants.CLIENT;
import static dev.sluice.datapath.DirectorVariants.CLIENT6;
import static dev.sluice.datapath.DirectorVariants.VIP;
import static dev.sluice.datapath.DirectorVariants.VIP6;
import static dev.sluice.datapath.DirectorVariants.both;
import static dev.sluice.datapath.DirectorVariants.frame4;
import static dev.sluice.datapath.DirectorVariants.frame6;
import static dev.sluice.datapath.DirectorVariants.ipv6;
import static dev.sluice.datapath.DirectorVariants.pool;
import static dev.sluice.datapath.DirectorVariants.segment;
import static dev.sluice.datapath.DirectorVariants.spec;
import static dev.sluice.datapath.DirectorVariants.tcp6;
import static dev.sluice.datapath.DirectorVariants.variant;
import static dev.sluice.datapath.DirectorVariants.web;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.DirectorVariants.Variant;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.stream.Stream;

/** IPv6 and its extension headers, and IPv4 options. */
final class Ipv6Variants {
    private Ipv6Variants() {}

    static Stream<Variant> all() {
        return Stream.of(tcpAndUdp(), extensions(), unreadableExtensions()).flatMap(s -> s);
    }

    private static Stream<Variant> tcpAndUdp() {
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

    static byte[] extension(int next, int length, byte... rest) {
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
}
