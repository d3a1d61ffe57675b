package dev.sluice.datapath;

import static dev.sluice.datapath.DirectorCase.dropped;
import static dev.sluice.datapath.DirectorCase.passed;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every way through the director, a line each. */
final class DirectorCases {
    private static final FlowKey FLOW = RedirectCase.FLOW;
    private static final Address CLIENT = FLOW.source();
    private static final Address VIP = FLOW.destination();
    private static final Address ROUTER = Address.parse("198.19.255.1");
    private static final List<Bind> BINDS =
            List.of(
                    Bind.tcp(VIP, TestPools.PORT),
                    new Bind(VIP, 32, Bind.Protocol.UDP, TestPools.PORT, TestPools.PORT));
    static final ForwardingTable SLUICE =
            TestPools.table(TestPools.spec(PoolSpec.Wire.SLUICE, BINDS), 7, "p1 p2 p3", "p3 p4 p5");
    private static final ForwardingTable GLB =
            TestPools.table(TestPools.spec(PoolSpec.Wire.GLB, BINDS), 7, "p1 p2 p3");
    private static final ForwardingTable ALONE =
            TestPools.table(TestPools.spec(PoolSpec.Wire.SLUICE, BINDS), 7, "p1");
    private static final ForwardingTable NOBODY =
            TestPools.table(TestPools.spec(PoolSpec.Wire.SLUICE, BINDS), 7, "");
    private static final byte[] NONE = {};
    private static final int IP = 14;

    private DirectorCases() {}

    static Stream<DirectorCase> all() {
        return Stream.of(forwarded(), icmp(), leftToTheKernel(), hopeless()).flatMap(s -> s);
    }

    private static Stream<DirectorCase> forwarded() {
        byte[] udp = TestFrames.udp(FLOW.sourcePort(), TestPools.PORT, new byte[9]);
        return Stream.of(
                tcp("four hops, stamped", SLUICE, NONE),
                tcp("two hops in GLB's bytes", GLB, NONE),
                tcp("one hop", ALONE, NONE),
                tcp("padding stays at the end", SLUICE, new byte[6]),
                DirectorCase.forwarded(
                        "UDP",
                        SLUICE,
                        TestFrames.ipv4(17, CLIENT, VIP, udp),
                        FLOW,
                        FLOW.sourcePort(),
                        NONE));
    }

    private static DirectorCase tcp(String name, ForwardingTable table, byte[] padding) {
        return DirectorCase.forwarded(
                name, table, RedirectCase.tcp(TestFrames.ACK), FLOW, FLOW.sourcePort(), padding);
    }

    private static Stream<DirectorCase> icmp() {
        FlowKey withoutPorts = new FlowKey(Bind.Protocol.TCP, CLIENT, 0, VIP, 0);
        byte[] echo = TestFrames.ipv4(1, CLIENT, VIP, TestFrames.icmp(8, 0, new byte[8]));
        return Stream.of(
                error("too big", 3, 4),
                error("port unreachable", 3, 3),
                error("time exceeded", 11, 0),
                error("parameter problem", 12, 0),
                error("source quench", 4, 0),
                DirectorCase.forwarded("echo request", SLUICE, echo, withoutPorts, 0x1234, NONE),
                passed("redirect", SLUICE, quoting(5, quoted(VIP, 6)), pass("PROTOCOL")),
                passed(
                        "quotes somebody else's packet",
                        SLUICE,
                        quoting(3, quoted(ROUTER, 6)),
                        pass("QUOTE")),
                passed("quotes no TCP or UDP", SLUICE, quoting(3, quoted(VIP, 47)), pass("QUOTE")),
                passed(
                        "quotes a later fragment",
                        SLUICE,
                        quoting(3, set16(quoted(VIP, 6), 6, 0x0010)),
                        pass("QUOTE")),
                passed(
                        "quotes too little",
                        SLUICE,
                        quoting(3, Arrays.copyOf(quoted(VIP, 6), 23)),
                        pass("TRUNCATED")));
    }

    private static DirectorCase error(String name, int type, int code) {
        byte[] quoted = Arrays.copyOf(quoted(VIP, 6), 28);
        byte[] packet = TestFrames.ipv4(1, ROUTER, VIP, TestFrames.icmp(type, code, quoted));
        return DirectorCase.forwarded(
                "ICMP error " + name + " goes with its flow",
                SLUICE,
                packet,
                FLOW,
                FLOW.sourcePort(),
                NONE);
    }

    private static byte[] quoted(Address source, int protocol) {
        byte[] ports = TestFrames.tcp(TestPools.PORT, FLOW.sourcePort(), TestFrames.ACK, 1, 2);
        return TestFrames.ipv4(protocol, source, CLIENT, ports);
    }

    private static byte[] quoting(int type, byte[] quoted) {
        return TestFrames.ethernet(
                TestFrames.ipv4(1, ROUTER, VIP, TestFrames.icmp(type, 0, quoted)));
    }

    private static DirectorCounter pass(String reason) {
        return DirectorCounter.valueOf("PASS_" + reason);
    }

    private static Stream<DirectorCase> leftToTheKernel() {
        return Stream.of(
                passed("ARP", SLUICE, set16(frame(), 12, 0x0806), pass("NOT_IP")),
                passed(
                        "IPv4 that says it is IPv6",
                        SLUICE,
                        set16(frame(), 12, 0x86dd),
                        pass("MALFORMED")),
                passed("no header", SLUICE, Arrays.copyOf(frame(), 33), pass("TRUNCATED")),
                passed("half a port", SLUICE, Arrays.copyOf(frame(), 37), pass("TRUNCATED")),
                passed("version 6", SLUICE, set8(frame(), IP, 0x65), pass("MALFORMED")),
                passed("header of 16 bytes", SLUICE, set8(frame(), IP, 0x44), pass("MALFORMED")),
                passed("length of 19", SLUICE, set16(frame(), IP + 2, 19), pass("MALFORMED")),
                passed(
                        "ports in the padding",
                        SLUICE,
                        set16(frame(), IP + 2, 23),
                        pass("MALFORMED")),
                passed("GRE", SLUICE, set8(frame(), IP + 9, 47), pass("PROTOCOL")),
                passed("another port", SLUICE, set16(frame(), IP + 22, 444), pass("NO_BIND")),
                passed("another address", SLUICE, set8(frame(), IP + 19, 11), pass("NO_BIND")));
    }

    private static Stream<DirectorCase> hopeless() {
        return Stream.of(
                dropped(
                        "first fragment, where ports are hashed",
                        SLUICE,
                        set16(frame(), IP + 6, 0x2000),
                        DirectorCounter.DROP_FRAGMENT),
                dropped(
                        "later fragment that looks bound",
                        SLUICE,
                        set16(frame(), IP + 6, 0x00b9),
                        DirectorCounter.DROP_FRAGMENT),
                dropped("a row without hops", NOBODY, frame(), DirectorCounter.DROP_NO_HOPS),
                dropped(
                        "too long with the outer headers",
                        SLUICE,
                        set16(frame(), IP + 2, 65_535),
                        DirectorCounter.DROP_TOO_BIG));
    }

    static byte[] frame() {
        return TestFrames.ethernet(RedirectCase.tcp(TestFrames.ACK));
    }

    static byte[] set8(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    static byte[] set16(byte[] bytes, int at, int value) {
        ByteBuffer.wrap(bytes).putShort(at, (short) value);
        return bytes;
    }
}
