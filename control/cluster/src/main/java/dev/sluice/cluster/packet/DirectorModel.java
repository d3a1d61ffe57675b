package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The director program in Java, for a host behind a router: frame in, verdict out. Immutable.
 *
 * @param source address of the director
 * @param gatewayMac six bytes; empty: whoever sent the frame
 * @param tables of the pools, in the order in which they were installed first
 */
public record DirectorModel(
        Address source, Optional<byte[]> gatewayMac, List<ForwardingTable> tables) {

    public DirectorModel {
        tables = List.copyOf(tables);
    }

    /**
     * @param bytes an Ethernet frame
     */
    public FrameVerdict<DirectorCounter> process(byte[] bytes) {
        Frame frame = Frame.of(bytes);
        if (!frame.has(0, Wire.ETHERNET_LENGTH)) {
            return FrameVerdict.pass(bytes, DirectorCounter.PASS_TRUNCATED);
        }
        return switch (frame.u16(Wire.ETHERNET_TYPE)) {
            case Wire.TYPE_VLAN, Wire.TYPE_QINQ ->
                    FrameVerdict.pass(bytes, DirectorCounter.PASS_VLAN);
            case Wire.TYPE_IPV4 -> processIpv4(frame, bytes);
            default -> FrameVerdict.pass(bytes, DirectorCounter.PASS_NOT_IPV4);
        };
    }

    private FrameVerdict<DirectorCounter> processIpv4(Frame frame, byte[] bytes) {
        return switch (InnerPacket.read(frame, Wire.ETHERNET_LENGTH)) {
            case InnerPacket.Reading.Not(InnerPacket.Fault fault) ->
                    FrameVerdict.pass(bytes, passReason(fault));
            case InnerPacket.Reading.Of(InnerPacket packet) ->
                    new PoolLookup(tables)
                            .find(packet)
                            .map(table -> forward(frame, packet, table))
                            .orElseGet(
                                    () -> FrameVerdict.pass(bytes, DirectorCounter.PASS_NO_BIND));
        };
    }

    private static DirectorCounter passReason(InnerPacket.Fault fault) {
        return switch (fault) {
            case TRUNCATED -> DirectorCounter.PASS_TRUNCATED;
            case MALFORMED -> DirectorCounter.PASS_MALFORMED;
            case OPTIONS -> DirectorCounter.PASS_OPTIONS;
            case FRAGMENT -> DirectorCounter.PASS_FRAGMENT;
            case PROTOCOL -> DirectorCounter.PASS_PROTOCOL;
            case QUOTE -> DirectorCounter.PASS_QUOTE;
        };
    }

    private FrameVerdict<DirectorCounter> forward(
            Frame frame, InnerPacket packet, ForwardingTable table) {
        long hash = RowHash.hash(table.spec(), packet.flow());
        int row = (int) hash & (table.rows() - 1);
        if (table.hopCount(row) == 0) {
            return FrameVerdict.drop(DirectorCounter.DROP_NO_HOPS);
        }
        Encapsulation outer =
                new Encapsulation(
                        source,
                        Encapsulation.sourcePort(hash, packet.portHint()),
                        table.spec().wire(),
                        table.generation(),
                        table.openCount(row),
                        0,
                        table.hopsOf(row).stream().map(Proxy::address).toList());
        if (outer.length() + packet.length() > Wire.MAX_LENGTH) {
            return FrameVerdict.drop(DirectorCounter.DROP_TOO_BIG);
        }
        byte[] sender = frame.slice(Wire.ETHERNET_SOURCE, Wire.MAC_LENGTH);
        byte[] self = frame.slice(0, Wire.MAC_LENGTH);
        return new FrameVerdict<>(
                FrameVerdict.Action.TX,
                outer.wrap(
                        gatewayMac.orElse(sender),
                        self,
                        frame,
                        Wire.ETHERNET_LENGTH,
                        packet.length()),
                Set.of(DirectorCounter.FORWARDED));
    }
}
