package dev.sluice.cluster.table;

import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A director's own reordering of chains around hops it cannot reach (PROTOCOL rule 15).
 *
 * <p>Reachable open hops come first, then reachable closed ones, then the rest, each group in its
 * original order. No hop is left out; a closed hop is never put first: without a reachable open hop
 * the row stays as it was.
 */
public final class LocalDemotion {
    private LocalDemotion() {}

    /**
     * @param reachable by index into {@link ForwardingTable#proxies}
     */
    public static ForwardingTable apply(ForwardingTable table, Predicate<Integer> reachable) {
        boolean[] up = new boolean[table.proxies().size()];
        IntStream.range(0, up.length).forEach(i -> up[i] = reachable.test(i));
        short[] hops = table.copyOfHops();
        byte[] open = table.copyOfOpenCounts();
        for (int row = 0; row < table.rows(); row++) {
            demote(table, row, up, hops, open);
        }
        return table.reordered(hops, open);
    }

    private static void demote(
            ForwardingTable table, int row, boolean[] up, short[] hops, byte[] open) {
        int count = table.hopCount(row);
        int openCount = table.openCount(row);
        int reachableOpen = countReachable(table, row, openCount, up);
        if (reachableOpen == 0 || countReachable(table, row, count, up) == count) {
            return;
        }
        int to = row * ForwardingTable.MAX_HOPS;
        to = copy(table, row, 0, openCount, up, true, hops, to);
        to = copy(table, row, openCount, count, up, true, hops, to);
        copy(table, row, 0, count, up, false, hops, to);
        open[row] = (byte) reachableOpen;
    }

    private static int countReachable(ForwardingTable table, int row, int hopCount, boolean[] up) {
        int reachable = 0;
        for (int at = 0; at < hopCount; at++) {
            if (up[table.hop(row, at)]) {
                reachable++;
            }
        }
        return reachable;
    }

    private static int copy(
            ForwardingTable table,
            int row,
            int first,
            int end,
            boolean[] up,
            boolean wanted,
            short[] hops,
            int to) {
        for (int at = first; at < end; at++) {
            int hop = table.hop(row, at);
            if (up[hop] == wanted) {
                hops[to++] = (short) hop;
            }
        }
        return to;
    }
}
