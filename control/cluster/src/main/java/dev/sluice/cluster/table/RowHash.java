package dev.sluice.cluster.table;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;

import java.io.ByteArrayOutputStream;
import java.util.Set;

/**
 * From a flow to its row: SipHash-2-4 over the pool's enabled fields, in network order, always in
 * the order source address, destination address, source port, destination port. The row is the low
 * 16 bits. (GLB: docs/wire.md.)
 */
public final class RowHash {
    private RowHash() {}

    public static int row(PoolSpec spec, FlowKey flow) {
        return rowOf(spec, hash(spec, flow));
    }

    static int rowOf(PoolSpec spec, long hash) {
        return (int) hash & (spec.rows() - 1);
    }

    public static long hash(PoolSpec spec, FlowKey flow) {
        return hash(spec, spec.hashFields(), flow);
    }

    /** By other fields than the pool's own. */
    static long hash(PoolSpec spec, Set<HashField> fields, FlowKey flow) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(36);
        for (HashField field : HashField.values()) {
            if (fields.contains(field)) {
                append(message, field, flow);
            }
        }
        return SipHash.hash(spec.hashKey(), message.toByteArray());
    }

    private static void append(ByteArrayOutputStream message, HashField field, FlowKey flow) {
        switch (field) {
            case SOURCE_ADDRESS -> message.writeBytes(flow.source().bytes());
            case DESTINATION_ADDRESS -> message.writeBytes(flow.destination().bytes());
            case SOURCE_PORT -> appendPort(message, flow.sourcePort());
            case DESTINATION_PORT -> appendPort(message, flow.destinationPort());
        }
    }

    private static void appendPort(ByteArrayOutputStream message, int port) {
        message.write(port >>> 8);
        message.write(port);
    }
}
