package dev.sluice.cluster.table;

import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * The chains of all 65,536 rows of a pool at one generation: what a director and a proxy host
 * install. Immutable; equal pool states give equal tables on every JVM.
 *
 * <p>Rows are kept packed: {@link #MAX_HOPS} hop indexes into {@link #proxies} a row, then counts.
 */
public final class ForwardingTable {
    public static final int ROWS = Rendezvous.ROWS;
    public static final int MAX_HOPS = PoolState.MAX_HOPS;

    private final String pool;
    private final long generation;
    private final PoolSpec spec;
    private final List<Proxy> proxies;
    private final short[] hops;
    private final byte[] hopCounts;
    private final byte[] openCounts;

    ForwardingTable(
            PoolState state, short[] hops, byte[] hopCounts, byte[] openCounts) {
        this.pool = state.name();
        this.generation = state.generation();
        this.spec = state.spec();
        this.proxies = state.proxies();
        this.hops = hops;
        this.hopCounts = hopCounts;
        this.openCounts = openCounts;
    }

    public String pool() {
        return pool;
    }

    public long generation() {
        return generation;
    }

    public PoolSpec spec() {
        return spec;
    }

    /** What hop indexes mean. */
    public List<Proxy> proxies() {
        return proxies;
    }

    /** Hops in the chain of a row: 0 to {@link #MAX_HOPS}; 0 only in a pool without members. */
    public int hopCount(int row) {
        return hopCounts[row];
    }

    /** How many of the row's first hops may take new flows. */
    public int openCount(int row) {
        return openCounts[row];
    }

    /** Index into {@link #proxies} of hop {@code at} of a row. */
    public int hop(int row, int at) {
        if (at >= hopCounts[row]) {
            throw new IndexOutOfBoundsException("hop " + at + " of row " + row);
        }
        return hops[row * MAX_HOPS + at];
    }

    public Chain chain(int row) {
        List<Integer> chain = new ArrayList<>(hopCounts[row]);
        for (int at = 0; at < hopCounts[row]; at++) {
            chain.add(hop(row, at));
        }
        return new Chain(chain, openCounts[row]);
    }

    /** The proxies of a row's chain, in order. */
    public List<Proxy> hopsOf(int row) {
        return chain(row).hops().stream().map(proxies::get).toList();
    }
}
