package dev.sluice.cluster.table;

import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;

import java.util.ArrayList;
import java.util.List;

/**
 * The hops that are asked for a flow, in order: its row's chain and, while a pool's hash fields are
 * changed, behind it that of the row by the former fields, as far as there is room. GLB's format
 * repeats a hop that is in both, ours does not.
 *
 * @param hash by the pool's fields; its low 16 bits are the row
 * @param open how many of the first hops may take new flows
 */
public record FlowChain(long hash, List<Proxy> hops, int open) {
    public FlowChain {
        hops = List.copyOf(hops);
    }

    public static FlowChain of(ForwardingTable table, FlowKey flow) {
        PoolSpec spec = table.spec();
        long hash = RowHash.hash(spec, flow);
        int row = RowHash.rowOf(spec, hash);
        List<Proxy> hops = new ArrayList<>(table.hopsOf(row));
        if (spec.isMigrating()) {
            long former = RowHash.hash(spec, spec.otherHashFields(), flow);
            table.hopsOf(RowHash.rowOf(spec, former)).forEach(hop -> append(spec, hops, hop));
        }
        return new FlowChain(hash, hops, table.openCount(row));
    }

    private static void append(PoolSpec spec, List<Proxy> hops, Proxy hop) {
        boolean isWanted = spec.wire() == PoolSpec.Wire.GLB || !hops.contains(hop);
        if (isWanted && hops.size() < PoolState.MAX_HOPS) {
            hops.add(hop);
        }
    }
}
