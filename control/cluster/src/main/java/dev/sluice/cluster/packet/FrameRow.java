package dev.sluice.cluster.packet;

import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowHash;

import java.util.List;
import java.util.OptionalInt;

/** The row of a frame. */
public final class FrameRow {
    private FrameRow() {}

    /**
     * Of the pool that the frame belongs to; empty if it belongs to none.
     *
     * @param tables of the pools, in the order in which they were installed first
     * @param bytes an Ethernet frame
     */
    public static OptionalInt of(List<ForwardingTable> tables, byte[] bytes) {
        Frame frame = Frame.of(bytes);
        return Link.read(frame)
                .filter(Link::isIp)
                .map(link -> InnerPacket.read(frame, link.length(), link.type()))
                .map(reading -> row(tables, reading))
                .orElseGet(OptionalInt::empty);
    }

    private static OptionalInt row(List<ForwardingTable> tables, InnerPacket.Reading reading) {
        return reading instanceof InnerPacket.Reading.Of(InnerPacket packet)
                        && new PoolLookup(tables).find(packet)
                                instanceof PoolLookup.Found.Pool(ForwardingTable table)
                ? OptionalInt.of(RowHash.row(table.spec(), packet.flow()))
                : OptionalInt.empty();
    }
}
