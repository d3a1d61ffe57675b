package dev.sluice.cluster.packet;

import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.packet.RedirectRule.Verdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowChain;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The redirect program in Java, for a host behind a router: {@link RedirectRule} between reading a
 * frame and writing one. It does not count what a client has sent on ({@link
 * RedirectCounter#DROP_STRAY_LIMIT}).
 *
 * @param self this host's addresses on the underlay
 * @param gatewayMac six bytes; empty: whoever sent the frame
 * @param tables of the pools, in the order in which they were installed first
 * @param peers who may send encapsulated packets; empty: anybody
 * @param sockets what the kernel has for a flow
 * @param confirmed whether a pool's table is
 */
public record RedirectModel(
        Underlay self,
        Optional<byte[]> gatewayMac,
        List<ForwardingTable> tables,
        Set<Address> peers,
        Function<FlowKey, RedirectRule.Socket> sockets,
        Predicate<String> confirmed) {

    public RedirectModel {
        tables = List.copyOf(tables);
        peers = Set.copyOf(peers);
    }

    public RedirectModel(
            Address self,
            Optional<byte[]> gatewayMac,
            List<ForwardingTable> tables,
            Function<FlowKey, RedirectRule.Socket> sockets,
            Predicate<String> confirmed) {
        this(Underlay.of(self), gatewayMac, tables, Set.of(), sockets, confirmed);
    }

    /**
     * @param bytes an Ethernet frame
     */
    public FrameVerdict<RedirectCounter> process(byte[] bytes) {
        Frame frame = Frame.of(bytes);
        return switch (Arrival.read(frame, self, peers)) {
            case Arrival.Reading.Not(RedirectCounter reason) ->
                    reason == RedirectCounter.PASS_OTHER
                            ? FrameVerdict.pass(bytes, reason)
                            : FrameVerdict.drop(reason);
            case Arrival.Reading.Of(Arrival arrival) ->
                    switch (new PoolLookup(tables).find(arrival.inner())) {
                        case PoolLookup.Found.Nobody() ->
                                FrameVerdict.drop(RedirectCounter.DROP_NO_POOL);
                        case PoolLookup.Found.Several() ->
                                FrameVerdict.drop(RedirectCounter.DROP_FRAGMENT);
                        case PoolLookup.Found.Pool(ForwardingTable table) ->
                                act(frame, arrival, judge(arrival, table));
                    };
        };
    }

    private Verdict judge(Arrival arrival, ForwardingTable table) {
        FlowKey flow = arrival.inner().flow();
        FlowChain chain = FlowChain.of(table, flow);
        List<Address> hops = chain.hops().stream().map(Proxy::address).toList();
        RedirectRule.Host host =
                new RedirectRule.Host(
                        hops.isEmpty() ? anyAddress() : self.towards(hops.getFirst()),
                        table.generation(),
                        hops,
                        chain.open(),
                        confirmed.test(table.pool()),
                        sockets.apply(flow));
        return RedirectRule.judge(host, arrival.packet());
    }

    private Address anyAddress() {
        return self.ipv4().or(self::ipv6).orElseThrow();
    }

    private FrameVerdict<RedirectCounter> act(Frame frame, Arrival arrival, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Drop(RedirectCounter reason) -> FrameVerdict.drop(reason);
            case Verdict.Keep(RedirectCounter reason) -> keep(frame, arrival, reason);
            case Verdict.Next(Address hop) -> forward(frame, arrival, hop);
            case Verdict.Rescue(List<Address> hops, int open, long generation, int rescues) ->
                    sendAnew(
                            frame,
                            arrival,
                            arrival.packet().kind() == RedirectRule.Kind.UDP
                                    ? RedirectCounter.RETURNED
                                    : RedirectCounter.RESCUED,
                            encapsulation(arrival, hops, open, generation, rescues));
        };
    }

    /** The stack gets the client's packet as if it had come without a director. */
    private static FrameVerdict<RedirectCounter> keep(
            Frame frame, Arrival arrival, RedirectCounter reason) {
        int type = arrival.inner().isIpv4() ? Wire.TYPE_IPV4 : Wire.TYPE_IPV6;
        byte[] out = arrival.link().withType(type).frame(new byte[0], frame, arrival.client());
        Set<RedirectCounter> counters = EnumSet.of(reason);
        if (arrival.packet().isSecondChance() && reason != RedirectCounter.KEPT_LAST_RESORT) {
            counters.add(RedirectCounter.SECOND_CHANCE);
        }
        return new FrameVerdict<>(Action.PASS, out, counters);
    }

    private FrameVerdict<RedirectCounter> forward(Frame frame, Arrival arrival, Address hop) {
        Link link = arrival.link().sentTo(destinationMac(arrival), arrival.link().type());
        int ip = link.length();
        ByteBuffer out = ByteBuffer.wrap(link.frame(new byte[0], frame, ip));
        int source = ip + (hop.isIpv4() ? Wire.IPV4_SOURCE : Wire.IPV6_SOURCE);
        int destination = source + hop.bytes().length;
        int next = arrival.tunnel() + Arrival.PRIVATE + Wire.PRIVATE_NEXT;
        out.put(source, self.towards(hop).bytes());
        out.put(destination, hop.bytes());
        out.put(next, (byte) (frame.u8(next) + 1));
        if (hop.isIpv4()) {
            Checksum.writeIpv4(out, ip);
        }
        int checksum = arrival.tunnel() + Wire.UDP_CHECKSUM;
        if (frame.u16(checksum) != 0) {
            int length = 2 * hop.bytes().length;
            int updated = updated(frame, out, checksum, source, length, next);
            out.putShort(checksum, (short) updated);
        }
        return sent(out.array(), RedirectCounter.NEXT_HOP);
    }

    /** RFC 1624: everything that changed between two frames, from both addresses to the index. */
    private static int updated(
            Frame before, ByteBuffer after, int checksum, int from, int length, int next) {
        int sum = ~before.u16(checksum) & 0xffff;
        for (int at = from; at < from + length; at += 2) {
            sum += (~before.u16(at) & 0xffff) + Short.toUnsignedInt(after.getShort(at));
        }
        sum += (~before.u16(next) & 0xffff) + Short.toUnsignedInt(after.getShort(next));
        int result = ~Checksum.fold(sum) & 0xffff;
        return result == 0 ? 0xffff : result;
    }

    private Encapsulation encapsulation(
            Arrival arrival, List<Address> hops, int open, long generation, int rescues) {
        return new Encapsulation(
                self.towards(hops.getFirst()),
                arrival.sourcePort(),
                PoolSpec.Wire.SLUICE,
                generation,
                open,
                rescues,
                hops);
    }

    private FrameVerdict<RedirectCounter> sendAnew(
            Frame frame, Arrival arrival, RedirectCounter counter, Encapsulation outer) {
        if (outer.length() + arrival.inner().length() > Wire.MAX_LENGTH) {
            return FrameVerdict.drop(RedirectCounter.DROP_TOO_BIG);
        }
        Link link = arrival.link().sentTo(destinationMac(arrival), outer.type());
        return sent(link.frame(outer.headers(arrival.inner()), frame, arrival.client()), counter);
    }

    private static FrameVerdict<RedirectCounter> sent(byte[] frame, RedirectCounter counter) {
        return new FrameVerdict<>(Action.TX, frame, Set.of(counter));
    }

    private byte[] destinationMac(Arrival arrival) {
        return gatewayMac.orElse(arrival.link().source());
    }
}
