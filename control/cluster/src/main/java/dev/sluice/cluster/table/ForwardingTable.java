package dev.sluice.cluster.table;

import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

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

    /** A bit a hop, the lowest for the first. */
    private final byte[] overdue;

    ForwardingTable(PoolState state, Rows rows) {
        this(
                state.name(),
                state.generation(),
                state.spec(),
                state.proxies(),
                rows.hops,
                rows.hopCounts,
                rows.openCounts,
                rows.overdue);
    }

    private ForwardingTable(
            String pool,
            long generation,
            PoolSpec spec,
            List<Proxy> proxies,
            short[] hops,
            byte[] hopCounts,
            byte[] openCounts,
            byte[] overdue) {
        this.pool = pool;
        this.generation = generation;
        this.spec = spec;
        this.proxies = proxies;
        this.hops = hops;
        this.hopCounts = hopCounts;
        this.openCounts = openCounts;
        this.overdue = overdue;
    }

    /** Rows of two open hops that somebody else chose: GLB's tables. Generation 1. */
    public static ForwardingTable ofPairs(
            String pool,
            PoolSpec spec,
            List<Proxy> proxies,
            IntUnaryOperator first,
            IntUnaryOperator second) {
        short[] hops = new short[ROWS * MAX_HOPS];
        byte[] counts = new byte[ROWS];
        for (int row = 0; row < ROWS; row++) {
            hops[row * MAX_HOPS] = (short) first.applyAsInt(row);
            hops[row * MAX_HOPS + 1] = (short) second.applyAsInt(row);
            counts[row] = 2;
        }
        return new ForwardingTable(
                pool, 1, spec, List.copyOf(proxies), hops, counts, counts, new byte[ROWS]);
    }

    /**
     * The same rows with hops in another order: what local demotion makes. Directors ask for no
     * deadlines, so none are kept.
     */
    ForwardingTable reordered(short[] reorderedHops, byte[] reorderedOpenCounts) {
        return new ForwardingTable(
                pool,
                generation,
                spec,
                proxies,
                reorderedHops,
                hopCounts,
                reorderedOpenCounts,
                new byte[rows()]);
    }

    /**
     * Chains cut short, open hops first. Breaks the promise: for demonstrating what the rest of a
     * chain is for.
     *
     * @param maxHops at least 1
     */
    public ForwardingTable unsafelyCutTo(int maxHops) {
        if (maxHops >= MAX_HOPS) {
            return this;
        }
        byte[] cutHops = hopCounts.clone();
        byte[] cutOpen = openCounts.clone();
        for (int row = 0; row < rows(); row++) {
            cutHops[row] = (byte) Math.min(maxHops, cutHops[row]);
            cutOpen[row] = (byte) Math.min(maxHops, cutOpen[row]);
        }
        return new ForwardingTable(
                pool, generation, spec, proxies, hops, cutHops, cutOpen, overdue);
    }

    /**
     * The same chains in a table of {@link #ROWS} rows, each where the flows of its row hash to:
     * what a datapath can be given.
     */
    public ForwardingTable tiled() {
        int copies = ROWS / rows();
        ByteBuffer tiledHopCounts = ByteBuffer.allocate(ROWS);
        ByteBuffer tiledOpenCounts = ByteBuffer.allocate(ROWS);
        ByteBuffer tiledOverdue = ByteBuffer.allocate(ROWS);
        ShortBuffer tiledHops = ShortBuffer.allocate(ROWS * MAX_HOPS);
        for (int copy = 0; copy < copies; copy++) {
            tiledHopCounts.put(hopCounts);
            tiledOpenCounts.put(openCounts);
            tiledOverdue.put(overdue);
            tiledHops.put(hops);
        }
        return new ForwardingTable(
                pool,
                generation,
                spec.withRows(ROWS),
                proxies,
                tiledHops.array(),
                tiledHopCounts.array(),
                tiledOpenCounts.array(),
                tiledOverdue.array());
    }

    short[] copyOfHops() {
        return hops.clone();
    }

    byte[] copyOfOpenCounts() {
        return openCounts.clone();
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

    /** How many there are: {@link #ROWS}, or fewer in a simulation. */
    public int rows() {
        return hopCounts.length;
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

    /** Index into {@link #proxies} of a registered proxy; -1 if it is none. */
    public int indexOf(String proxy) {
        for (int i = 0; i < proxies.size(); i++) {
            if (proxies.get(i).id().equals(proxy)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a proxy may take new flows of a row. */
    public boolean isOpen(int row, int proxy) {
        for (int at = 0; at < openCounts[row]; at++) {
            if (hops[row * MAX_HOPS + at] == proxy) {
                return true;
            }
        }
        return false;
    }

    /** Whether a proxy is a hop of a row, open or closed. */
    public boolean isHop(int row, int proxy) {
        for (int at = 0; at < hopCounts[row]; at++) {
            if (hops[row * MAX_HOPS + at] == proxy) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the flows that a proxy holds on a row are there for the sake of older views: what it
     * reports (rule 22). On GLB's wire it may still be sent new ones there, as the second hop.
     */
    public boolean isDisplaced(int row, int proxy) {
        return spec.wire() == PoolSpec.Wire.GLB
                ? hopCounts[row] == 0 || hops[row * MAX_HOPS] != proxy
                : !isOpen(row, proxy);
    }

    /** Whether the deadline of those flows has passed (rule 10). */
    public boolean isOverdue(int row, int proxy) {
        for (int at = 0; at < hopCounts[row]; at++) {
            if (hops[row * MAX_HOPS + at] == proxy) {
                return (overdue[row] >> at & 1) != 0;
            }
        }
        return false;
    }

    /** The rows, by index of proxy, in whose chain a proxy is here and is not in another table. */
    public Map<Integer, RowSet> leaving(ForwardingTable then) {
        Map<Integer, BitSet> rows = new TreeMap<>();
        for (int row = 0; row < rows(); row++) {
            for (int at = 0; at < hopCounts[row]; at++) {
                int proxy = hops[row * MAX_HOPS + at];
                if (!then.isHop(row, proxy)) {
                    rows.computeIfAbsent(proxy, p -> new BitSet(rows())).set(row);
                }
            }
        }
        Map<Integer, RowSet> leaving = new TreeMap<>();
        rows.forEach((proxy, bits) -> leaving.put(proxy, RowSet.of(bits)));
        return leaving;
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
