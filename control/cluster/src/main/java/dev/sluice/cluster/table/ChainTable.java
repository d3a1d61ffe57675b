package dev.sluice.cluster.table;

import dev.sluice.cluster.hash.EvenRendezvous;
import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.hash.Rendezvous.Contender;
import dev.sluice.cluster.hash.Rendezvous.FirstTwo;
import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Builds the forwarding table of a pool state: PROTOCOL rules 2 to 4.
 *
 * <p>Keeps the draws of the proxies and the rankings of the views that it saw last, so that the
 * next state of the same pool costs only what changed. Confined to one thread; deterministic.
 */
public final class ChainTable {
    private final Map<Address, long[]> columns = new HashMap<>();
    private final Map<View, FirstTwo> rankings = new HashMap<>();
    private final Set<View> used = new HashSet<>();
    private SipHash.Key seed = new SipHash.Key(0, 0);
    private long[] rowSeeds = {};

    /** Builds one table and keeps nothing. */
    public static ForwardingTable of(PoolState state) {
        return new ChainTable().build(state);
    }

    /**
     * @throws IllegalArgumentException if a chain would need more than {@link PoolState#MAX_HOPS}
     *     hops or an epoch names an unregistered proxy; {@link #overfullRows} asks beforehand
     */
    public ForwardingTable build(PoolState state) {
        Rows rows = fill(state);
        if (!rows.overfull.isEmpty()) {
            throw new IllegalArgumentException(
                    "pool "
                            + state.name()
                            + ", generation "
                            + state.generation()
                            + ": "
                            + rows.overfull.cardinality()
                            + " rows need more than "
                            + PoolState.MAX_HOPS
                            + " hops");
        }
        return new ForwardingTable(state, rows.hops, rows.hopCounts, rows.openCounts);
    }

    /** The rows of a state that would need a longer chain than a packet carries. */
    public RowSet overfullRows(PoolState state) {
        return RowSet.of(fill(state).overfull);
    }

    /** Whether every chain of a state has the first two of a view already. */
    public boolean covers(PoolState state, List<Epoch.Member> view) {
        Ranking ranking = rank(state, view);
        ForwardingTable table = build(state);
        for (int row = 0; row < table.rows(); row++) {
            if (!ranking.isCovered(table, row)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The rows whose first two of a view are others, or ordered otherwise, than the newest one's.
     */
    public RowSet moved(PoolState state, List<Epoch.Member> view) {
        Ranking newest = rank(state, state.newest().members());
        Ranking next = rank(state, view);
        BitSet moved = new BitSet();
        for (int row = 0; row < state.spec().rows(); row++) {
            if (newest.first(row) != next.first(row) || newest.second(row) != next.second(row)) {
                moved.set(row);
            }
        }
        return RowSet.of(moved);
    }

    private Rows fill(PoolState state) {
        return switch (state.spec().wire()) {
            case SLUICE -> epochChains(state);
            case GLB -> glbPairs(state);
        };
    }

    /** Open: the newest epoch's first two. Closed: those of every other epoch, newest first. */
    private Rows epochChains(PoolState state) {
        List<Ranking> rankings = state.epochs().map(e -> rank(state, e.members())).toList();
        forgetAllBut(state);
        Rows rows = new Rows(state.spec().rows());
        for (int row = 0; row < rows.count; row++) {
            rankings.getFirst().appendTo(rows, row);
            rows.openCounts[row] = rows.hopCounts[row];
            for (int i = 1; i < rankings.size(); i++) {
                rankings.get(i).appendTo(rows, row);
            }
        }
        return rows;
    }

    /**
     * GLB ranks everyone who may own a flow and swaps the pair if only the second takes new ones.
     */
    private Rows glbPairs(PoolState state) {
        Ranking ranking = rank(state, union(state));
        forgetAllBut(state);
        boolean[] open = new boolean[state.proxies().size()];
        for (Epoch.Member member : state.newest().members()) {
            open[indexOf(state, member.proxy())] = true;
        }
        Rows rows = new Rows(state.spec().rows());
        for (int row = 0; row < rows.count; row++) {
            ranking.appendTo(rows, row);
            rows.openFirst(row, open);
        }
        return rows;
    }

    private static List<Epoch.Member> union(PoolState state) {
        Set<Epoch.Member> members = new LinkedHashSet<>();
        Set<String> seen = new LinkedHashSet<>();
        state.epochs()
                .flatMap(e -> e.members().stream())
                .filter(m -> seen.add(m.proxy()))
                .forEach(members::add);
        return List.copyOf(members);
    }

    private Ranking rank(PoolState state, List<Epoch.Member> members) {
        useSeed(state.spec());
        int[] proxies = members.stream().mapToInt(m -> indexOf(state, m.proxy())).toArray();
        List<Address> addresses =
                IntStream.of(proxies).mapToObj(i -> state.proxies().get(i).address()).toList();
        View view = new View(members, addresses, state.spec().balance());
        used.add(view);
        return new Ranking(proxies, rankings.computeIfAbsent(view, this::rank));
    }

    private FirstTwo rank(View view) {
        List<Contender> contenders = new ArrayList<>();
        for (int i = 0; i < view.addresses.size(); i++) {
            byte[] address = view.addresses.get(i).bytes();
            contenders.add(new Contender(address, view.members.get(i).weight()));
        }
        IntFunction<long[]> draws = i -> column(view.addresses.get(i));
        return switch (view.balance) {
            case HASHED -> Rendezvous.firstTwo(contenders, rowSeeds.length, draws);
            case EVEN -> EvenRendezvous.firstTwo(contenders, rowSeeds.length, draws);
        };
    }

    private long[] column(Address address) {
        return columns.computeIfAbsent(address, a -> Rendezvous.column(seed, rowSeeds, a.bytes()));
    }

    private void useSeed(PoolSpec spec) {
        if (rowSeeds.length != spec.rows() || !seed.equals(spec.seed())) {
            columns.clear();
            rankings.clear();
            seed = spec.seed();
            rowSeeds = Rendezvous.rowSeeds(seed, spec.rows());
        }
    }

    private void forgetAllBut(PoolState state) {
        rankings.keySet().retainAll(used);
        used.clear();
        columns.keySet().retainAll(state.proxies().stream().map(Proxy::address).toList());
    }

    private static int indexOf(PoolState state, String proxy) {
        for (int i = 0; i < state.proxies().size(); i++) {
            if (state.proxies().get(i).id().equals(proxy)) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "pool " + state.name() + ": an epoch names the unregistered proxy " + proxy);
    }

    /** All that a ranking depends on, but for the seed. */
    private record View(
            List<Epoch.Member> members, List<Address> addresses, PoolSpec.Balance balance) {}

    /** The first two of every row among the members of one view, as indexes of proxies. */
    private record Ranking(int[] proxies, FirstTwo firstTwo) {
        void appendTo(Rows rows, int row) {
            append(rows, row, firstTwo.first()[row]);
            append(rows, row, firstTwo.second()[row]);
        }

        int first(int row) {
            return proxyOf(firstTwo.first()[row]);
        }

        int second(int row) {
            return proxyOf(firstTwo.second()[row]);
        }

        private int proxyOf(int contender) {
            return contender == Rendezvous.NONE ? Rendezvous.NONE : proxies[contender];
        }

        boolean isCovered(ForwardingTable table, int row) {
            return isHop(table, row, firstTwo.first()[row])
                    && isHop(table, row, firstTwo.second()[row]);
        }

        private boolean isHop(ForwardingTable table, int row, int contender) {
            return contender == Rendezvous.NONE || table.isHop(row, proxies[contender]);
        }

        private void append(Rows rows, int row, int contender) {
            if (contender != Rendezvous.NONE) {
                rows.append(row, proxies[contender]);
            }
        }
    }

    /** Chains under construction. */
    private static final class Rows {
        private final int count;
        private final short[] hops;
        private final byte[] hopCounts;
        private final byte[] openCounts;
        private final BitSet overfull = new BitSet();

        Rows(int count) {
            this.count = count;
            hops = new short[count * PoolState.MAX_HOPS];
            hopCounts = new byte[count];
            openCounts = new byte[count];
        }

        void append(int row, int proxy) {
            int from = row * PoolState.MAX_HOPS;
            for (int at = 0; at < hopCounts[row]; at++) {
                if (hops[from + at] == proxy) {
                    return;
                }
            }
            if (hopCounts[row] < PoolState.MAX_HOPS) {
                hops[from + hopCounts[row]++] = (short) proxy;
            } else {
                overfull.set(row);
            }
        }

        /** GLB's swap, and the count of leading hops that take new flows. */
        void openFirst(int row, boolean[] open) {
            int from = row * PoolState.MAX_HOPS;
            if (hopCounts[row] == 2 && !open[hops[from]] && open[hops[from + 1]]) {
                short first = hops[from];
                hops[from] = hops[from + 1];
                hops[from + 1] = first;
            }
            int count = 0;
            while (count < hopCounts[row] && open[hops[from + count]]) {
                count++;
            }
            openCounts[row] = (byte) count;
        }
    }
}
