package dev.sluice.cluster.packet;

import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * From a packet to the table of its pool, by exact binds. Echo requests to a VIP belong to the
 * first of its pools.
 *
 * @param tables of the pools, in the order in which they were installed first
 */
record PoolLookup(List<ForwardingTable> tables) {
    PoolLookup(Collection<ForwardingTable> tables) {
        this(List.copyOf(tables));
    }

    Optional<ForwardingTable> find(InnerPacket packet) {
        return tables.stream()
                .filter(t -> t.spec().binds().stream().anyMatch(b -> matches(b, packet)))
                .findFirst();
    }

    private static boolean matches(Bind bind, InnerPacket packet) {
        if (packet.kind() == InnerPacket.Kind.ECHO) {
            return bind.address().equals(packet.flow().destination());
        }
        return packet.flow().matches(bind);
    }
}
