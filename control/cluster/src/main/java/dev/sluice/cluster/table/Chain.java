package dev.sluice.cluster.table;

import java.util.List;

/**
 * The ordered hops of a row.
 *
 * @param hops indexes into the table's proxies, without duplicates
 * @param open how many of the first hops may take new flows
 */
public record Chain(List<Integer> hops, int open) {
    public Chain {
        hops = List.copyOf(hops);
    }
}
