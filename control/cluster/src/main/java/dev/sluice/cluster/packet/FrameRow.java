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
        if (InnerPacket.read(frame, Wire.ETHERNET_LENGTH)
                instanceof InnerPacket.Reading.Of(InnerPacket packet)) {
            return new PoolLookup(tables)
                    .find(packet)
                    .map(table -> OptionalInt.of(RowHash.row(table.spec(), packet.flow())))
                    .orElse(OptionalInt.empty());
        }
        return OptionalInt.empty();
    }
}
