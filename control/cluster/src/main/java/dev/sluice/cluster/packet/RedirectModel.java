package dev.sluice.cluster.packet;

import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.packet.RedirectRule.Verdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The redirect program in Java, for a host behind a router: {@link RedirectRule} between reading a
 * frame and writing one.
 *
 * @param self this host's address on the underlay
 * @param gatewayMac six bytes; empty: whoever sent the frame
 * @param tables of the pools, in the order in which they were installed first
 * @param sockets what the kernel has for a flow
 * @param confirmed whether a pool's table is
 */
public record RedirectModel(
        Address self,
        Optional<byte[]> gatewayMac,
        List<ForwardingTable> tables,
        Function<FlowKey, RedirectRule.Socket> sockets,
        Predicate<String> confirmed) {

    public RedirectModel {
        tables = List.copyOf(tables);
    }

    /**
     * @param bytes an Ethernet frame
     */
    public FrameVerdict<RedirectCounter> process(byte[] bytes) {
        Frame frame = Frame.of(bytes);
        return switch (Arrival.read(frame, self)) {
            case Arrival.Reading.Not(RedirectCounter reason) ->
                    reason == RedirectCounter.PASS_OTHER
                            ? FrameVerdict.pass(bytes, reason)
                            : FrameVerdict.drop(reason);
            case Arrival.Reading.Of(Arrival arrival) ->
                    new PoolLookup(tables)
                            .find(arrival.inner())
                            .map(table -> act(frame, arrival, judge(arrival, table)))
                            .orElseGet(() -> FrameVerdict.drop(RedirectCounter.DROP_NO_POOL));
        };
    }

    private Verdict judge(Arrival arrival, ForwardingTable table) {
        FlowKey flow = arrival.inner().flow();
        int row = RowHash.row(table.spec(), flow);
        RedirectRule.Host host =
                new RedirectRule.Host(
                        self,
                        table.generation(),
                        table.hopsOf(row).stream().map(Proxy::address).toList(),
                        table.openCount(row),
                        confirmed.test(table.pool()),
                        sockets.apply(flow));
        return RedirectRule.judge(host, arrival.packet());
    }

    private FrameVerdict<RedirectCounter> act(Frame frame, Arrival arrival, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Drop(RedirectCounter reason) -> FrameVerdict.drop(reason);
            case Verdict.Keep(RedirectCounter reason) -> keep(frame, arrival, reason);
            case Verdict.Next(Address hop) -> forward(frame, hop);
            case Verdict.Rescue rescue -> rescue(frame, arrival, rescue);
        };
    }

    /** The stack gets the client's packet as if it had come without a director. */
    private static FrameVerdict<RedirectCounter> keep(
            Frame frame, Arrival arrival, RedirectCounter reason) {
        int inner = Wire.ETHERNET_LENGTH + arrival.outerLength();
        ByteBuffer out = ByteBuffer.allocate(frame.length() - arrival.outerLength());
        out.put(frame.slice(0, Wire.ETHERNET_LENGTH));
        out.put(frame.slice(inner, frame.length() - inner));
        Set<RedirectCounter> counters = EnumSet.of(reason);
        if (arrival.packet().isSecondChance() && reason != RedirectCounter.KEPT_LAST_RESORT) {
            counters.add(RedirectCounter.SECOND_CHANCE);
        }
        return new FrameVerdict<>(Action.PASS, out.array(), counters);
    }

    private FrameVerdict<RedirectCounter> forward(Frame frame, Address hop) {
        ByteBuffer out = ByteBuffer.wrap(frame.slice(0, frame.length()));
        int source = Wire.ETHERNET_LENGTH + Wire.IPV4_SOURCE;
        int next = Arrival.PRIVATE + Wire.PRIVATE_NEXT;
        out.put(0, destinationMac(frame)).put(Wire.MAC_LENGTH, ownMac(frame));
        out.put(source, self.bytes());
        out.put(Wire.ETHERNET_LENGTH + Wire.IPV4_DESTINATION, hop.bytes());
        out.put(next, (byte) (frame.u8(next) + 1));
        Checksum.writeIpv4(out, Wire.ETHERNET_LENGTH);
        int checksum = Arrival.OUTER_UDP + Wire.UDP_CHECKSUM;
        if (frame.u16(checksum) != 0) {
            out.putShort(checksum, (short) updated(frame.u16(checksum), frame, source, next, out));
        }
        return sent(out.array(), RedirectCounter.NEXT_HOP);
    }

    /** RFC 1624; the old destination is the new source, so it stays in the sum. */
    private static int updated(int checksum, Frame before, int source, int next, ByteBuffer after) {
        int destination = source + Wire.HOP_LENGTH;
        int sum = ~checksum & 0xffff;
        sum += ~before.u16(source) & 0xffff;
        sum += ~before.u16(source + 2) & 0xffff;
        sum += ~before.u16(next) & 0xffff;
        sum += Short.toUnsignedInt(after.getShort(destination));
        sum += Short.toUnsignedInt(after.getShort(destination + 2));
        sum += Short.toUnsignedInt(after.getShort(next));
        int result = ~Checksum.fold(sum) & 0xffff;
        return result == 0 ? 0xffff : result;
    }

    private FrameVerdict<RedirectCounter> rescue(
            Frame frame, Arrival arrival, Verdict.Rescue rescue) {
        Encapsulation outer =
                new Encapsulation(
                        self,
                        arrival.sourcePort(),
                        PoolSpec.Wire.SLUICE,
                        rescue.generation(),
                        rescue.open(),
                        rescue.rescues(),
                        rescue.hops());
        if (outer.length() + arrival.inner().length() > Wire.MAX_LENGTH) {
            return FrameVerdict.drop(RedirectCounter.DROP_TOO_BIG);
        }
        byte[] out =
                outer.wrap(
                        destinationMac(frame),
                        ownMac(frame),
                        frame,
                        Wire.ETHERNET_LENGTH + arrival.outerLength(),
                        arrival.inner().length());
        return sent(out, RedirectCounter.RESCUED);
    }

    private static FrameVerdict<RedirectCounter> sent(byte[] frame, RedirectCounter counter) {
        return new FrameVerdict<>(Action.TX, frame, Set.of(counter));
    }

    private byte[] destinationMac(Frame frame) {
        return gatewayMac.orElse(frame.slice(Wire.ETHERNET_SOURCE, Wire.MAC_LENGTH));
    }

    private static byte[] ownMac(Frame frame) {
        return frame.slice(0, Wire.MAC_LENGTH);
    }
}
