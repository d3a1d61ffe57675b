package dev.sluice.simulation;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ForwardingTable;

import java.util.List;

/**
 * A row's chain as hosts look it up.
 *
 * @param open how many of the first hops may take new flows
 */
record Chained(List<Address> hops, int open) {
    Chained {
        hops = List.copyOf(hops);
    }

    static Chained of(ForwardingTable table, int row) {
        return new Chained(
                table.hopsOf(row).stream().map(Proxy::address).toList(), table.openCount(row));
    }
}
