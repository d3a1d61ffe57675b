package dev.sluice.cluster.table;

import dev.sluice.cluster.pool.PoolState;

import java.util.BitSet;

/** Chains under construction. */
final class Rows {
    final int count;
    final short[] hops;
    final byte[] hopCounts;
    final byte[] openCounts;

    /** A bit a hop, the lowest for the first: its flows there are past their deadline. */
    final byte[] overdue;

    final BitSet overfull = new BitSet();

    Rows(int count) {
        this.count = count;
        hops = new short[count * PoolState.MAX_HOPS];
        hopCounts = new byte[count];
        openCounts = new byte[count];
        overdue = new byte[count];
    }

    /**
     * Lengthens a chain, unless it has the hop already.
     *
     * @param proxy nobody if negative
     * @param isOverdue the hop is there only for flows past their deadline
     */
    void append(int row, int proxy, int maxHops, boolean isOverdue) {
        int at = hopCounts[row];
        if (proxy < 0 || has(row, proxy)) {
            return;
        }
        if (at == maxHops) {
            overfull.set(row);
            return;
        }
        hops[row * PoolState.MAX_HOPS + at] = (short) proxy;
        hopCounts[row]++;
        if (isOverdue) {
            overdue[row] |= (byte) (1 << at);
        }
    }

    boolean has(int row, int proxy) {
        int from = row * PoolState.MAX_HOPS;
        for (int at = 0; at < hopCounts[row]; at++) {
            if (hops[from + at] == proxy) {
                return true;
            }
        }
        return false;
    }

    /** The chain so far takes new flows. */
    void openHere(int row) {
        openCounts[row] = hopCounts[row];
    }
}
