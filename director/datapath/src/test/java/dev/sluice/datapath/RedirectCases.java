package dev.sluice.datapath;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.RedirectCase.Local;
import dev.sluice.datapath.TestFrames.Stamp;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** PROTOCOL rules 16 to 20, a line for each way through them. */
final class RedirectCases {
    /** p1 and p2 take new flows; p3 and p4 may own some. */
    private static final ForwardingTable TABLE = TestPools.table(7, "p1 p2", "p3 p4");

    private static final ForwardingTable ALONE = TestPools.table(7, "p1");
    private static final List<Address> CHAIN = RedirectCase.chain(TABLE);
    private static final Address FIRST = CHAIN.get(0);
    private static final Address SECOND = CHAIN.get(1);
    private static final Address CLOSED = CHAIN.get(2);
    private static final Address LAST = CHAIN.get(3);
    private static final Address OUTSIDER = TestPools.address("p5");
    private static final byte[] SYN = RedirectCase.tcp(TestFrames.SYN);

    private RedirectCases() {}

    static Stream<RedirectCase> all() {
        return Stream.of(known(), syns(), unknown(), rescues(), icmp()).flatMap(s -> s);
    }

    private static RedirectCase.Builder a(String name) {
        return RedirectCase.of(name, TABLE);
    }

    private static Stream<RedirectCase> known() {
        return Stream.of(
                a("established flow on its first hop")
                        .local(Local.ESTABLISHED)
                        .kept(RedirectCounter.KEPT_KNOWN),
                a("established flow on a later hop")
                        .local(Local.ESTABLISHED)
                        .self(CLOSED)
                        .stamp(Stamp.of(7).at(2))
                        .kept(RedirectCounter.KEPT_KNOWN, RedirectCounter.SECOND_CHANCE),
                a("established flow after a rescue")
                        .local(Local.ESTABLISHED)
                        .stamp(Stamp.of(7).rescued(1))
                        .kept(RedirectCounter.KEPT_KNOWN, RedirectCounter.SECOND_CHANCE),
                a("established flow with a stale stamp")
                        .local(Local.ESTABLISHED)
                        .stamp(Stamp.of(3))
                        .kept(RedirectCounter.KEPT_KNOWN),
                a("SYN of an established flow on a fenced proxy")
                        .local(Local.ESTABLISHED)
                        .self(CLOSED)
                        .inner(SYN)
                        .kept(RedirectCounter.KEPT_KNOWN),
                a("a listener knows no flow").local(Local.LISTENER).sentOn());
    }

    private static Stream<RedirectCase> syns() {
        return Stream.of(
                a("SYN on the first open hop").inner(SYN).kept(RedirectCounter.KEPT_SYN),
                a("SYN with a listener")
                        .local(Local.LISTENER)
                        .inner(SYN)
                        .kept(RedirectCounter.KEPT_SYN),
                a("SYN on the second open hop as first, by local demotion")
                        .self(SECOND)
                        .rest(CLOSED, LAST, FIRST)
                        .inner(SYN)
                        .kept(RedirectCounter.KEPT_SYN),
                a("SYN that a fenced hop passed on")
                        .self(SECOND)
                        .stamp(Stamp.of(7).at(1))
                        .inner(SYN)
                        .kept(RedirectCounter.KEPT_SYN, RedirectCounter.SECOND_CHANCE),
                a("SYN on a fenced proxy").self(CLOSED).inner(SYN).rest(FIRST, LAST).sentOn(),
                a("SYN on a proxy outside the chain").self(OUTSIDER).inner(SYN).sentOn(),
                a("SYN on a fenced proxy at the end, same generation")
                        .self(CLOSED)
                        .inner(SYN)
                        .atTheEnd()
                        .dropped(RedirectCounter.DROP_FENCED_SYN),
                a("SYN on a fenced proxy at the end, newer generation")
                        .self(CLOSED)
                        .inner(SYN)
                        .stamp(Stamp.of(8))
                        .atTheEnd()
                        .dropped(RedirectCounter.DROP_FENCED_SYN),
                a("stale SYN on a fenced proxy with hops left")
                        .self(CLOSED)
                        .inner(SYN)
                        .stamp(Stamp.of(6))
                        .rest(LAST)
                        .sentOn(),
                a("newer SYN on its first hop, fenced in the older table")
                        .self(CLOSED)
                        .inner(SYN)
                        .stamp(Stamp.of(8))
                        .kept(RedirectCounter.KEPT_SYN),
                a("newer SYN on a later hop, fenced in the older table")
                        .self(CLOSED)
                        .inner(SYN)
                        .stamp(Stamp.of(8).at(1))
                        .rest(FIRST, LAST)
                        .sentOn(),
                a("SYN with ACK is no SYN")
                        .inner(RedirectCase.tcp(TestFrames.SYN | TestFrames.ACK))
                        .sentOn(),
                a("SYN with RST is no SYN")
                        .inner(RedirectCase.tcp(TestFrames.SYN | TestFrames.RST))
                        .sentOn());
    }

    private static Stream<RedirectCase> unknown() {
        return Stream.of(
                a("unknown packet with hops left").sentOn(),
                a("unknown packet in the middle").self(SECOND).stamp(Stamp.of(7).at(1)).sentOn(),
                a("unknown packet of a newer generation").stamp(Stamp.of(8)).sentOn(),
                a("unknown reset").inner(RedirectCase.tcp(TestFrames.RST)).sentOn(),
                a("unknown packet at the end")
                        .self(LAST)
                        .atTheEnd()
                        .kept(RedirectCounter.KEPT_LAST_RESORT),
                a("unknown packet at the end, newer generation")
                        .self(LAST)
                        .stamp(Stamp.of(8))
                        .atTheEnd()
                        .kept(RedirectCounter.KEPT_LAST_RESORT),
                a("unknown packet at the end of an unconfirmed host")
                        .self(LAST)
                        .unconfirmed()
                        .atTheEnd()
                        .dropped(RedirectCounter.DROP_UNCONFIRMED),
                a("unknown reset at the end")
                        .self(LAST)
                        .inner(RedirectCase.tcp(TestFrames.RST | TestFrames.ACK))
                        .atTheEnd()
                        .dropped(RedirectCounter.DROP_UNKNOWN_RESET),
                a("unknown reset at the end of an unconfirmed host")
                        .self(LAST)
                        .inner(RedirectCase.tcp(TestFrames.RST))
                        .unconfirmed()
                        .atTheEnd()
                        .dropped(RedirectCounter.DROP_UNKNOWN_RESET),
                a("a chain that comes back").rest(FIRST).dropped(RedirectCounter.DROP_LOOP));
    }

    private static Stream<RedirectCase> rescues() {
        Stamp stale = Stamp.of(6);
        return Stream.of(
                a("stale unknown packet with hops left")
                        .stamp(stale)
                        .rest(OUTSIDER)
                        .rescued(new Stamp(7, 0, 1, 1), SECOND, CLOSED, LAST),
                a("stale unknown packet at the end")
                        .self(LAST)
                        .stamp(stale)
                        .atTheEnd()
                        .rescued(new Stamp(7, 0, 2, 1), FIRST, SECOND, CLOSED),
                a("stale unknown packet at the end of an unconfirmed host")
                        .self(LAST)
                        .unconfirmed()
                        .stamp(stale)
                        .atTheEnd()
                        .rescued(new Stamp(7, 0, 2, 1), FIRST, SECOND, CLOSED),
                a("stale unknown packet outside the chain gets a longer one")
                        .self(OUTSIDER)
                        .stamp(stale)
                        .rest()
                        .rescued(new Stamp(7, 0, 2, 1), FIRST, SECOND, CLOSED, LAST),
                a("stale SYN on a fenced proxy at the end")
                        .self(CLOSED)
                        .inner(SYN)
                        .stamp(stale)
                        .atTheEnd()
                        .rescued(new Stamp(7, 0, 2, 1), FIRST, SECOND, LAST),
                a("second rescue")
                        .stamp(stale.rescued(1))
                        .rescued(new Stamp(7, 0, 1, 2), SECOND, CLOSED, LAST),
                a("third rescue")
                        .stamp(stale.rescued(2))
                        .dropped(RedirectCounter.DROP_RESCUE_LIMIT),
                RedirectCase.of("stale packet, and this host is the whole chain", ALONE)
                        .stamp(stale)
                        .rest(OUTSIDER)
                        .kept(RedirectCounter.KEPT_LAST_RESORT),
                RedirectCase.of("the same, unconfirmed", ALONE)
                        .unconfirmed()
                        .stamp(stale)
                        .rest(OUTSIDER)
                        .dropped(RedirectCounter.DROP_UNCONFIRMED));
    }

    private static Stream<RedirectCase> icmp() {
        byte[] error = icmpError();
        byte[] echo =
                TestFrames.ipv4(
                        1,
                        RedirectCase.FLOW.source(),
                        TestPools.VIP,
                        TestFrames.icmp(8, 0, new byte[8]));
        return Stream.of(
                a("ICMP error about an established flow")
                        .local(Local.ESTABLISHED)
                        .inner(error)
                        .kept(RedirectCounter.KEPT_KNOWN),
                a("ICMP error about an unknown flow").inner(error).sentOn(),
                a("stale ICMP error about an unknown flow")
                        .inner(error)
                        .stamp(Stamp.of(6))
                        .rescued(new Stamp(7, 0, 1, 1), SECOND, CLOSED, LAST),
                a("ICMP error about an unknown flow at the end")
                        .inner(error)
                        .atTheEnd()
                        .dropped(RedirectCounter.DROP_UNKNOWN_ERROR),
                a("echo request").inner(echo).kept(RedirectCounter.KEPT_STATELESS));
    }

    /** A router says that a packet from the VIP is too big. */
    static byte[] icmpError() {
        byte[] ours =
                TestFrames.ipv4(
                        6,
                        TestPools.VIP,
                        RedirectCase.FLOW.source(),
                        TestFrames.tcp(
                                TestPools.PORT,
                                RedirectCase.FLOW.sourcePort(),
                                TestFrames.ACK,
                                1,
                                2));
        return TestFrames.ipv4(
                1,
                Address.parse("198.19.255.1"),
                TestPools.VIP,
                TestFrames.icmp(3, 4, Arrays.copyOf(ours, 28)));
    }
}
