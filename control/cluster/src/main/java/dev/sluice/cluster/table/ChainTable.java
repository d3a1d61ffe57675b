package dev.sluice.cluster.table;

import dev.sluice.cluster.hash.Rendezvous;
import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.Rankings.Share;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the forwarding tables of a pool's states: PROTOCOL rules 2 to 4; on GLB's wire the pairs
 * of docs/adr/0022.
 *
 * <p>Keeps the rankings of the views it saw last, so that the next state of the same pool costs
 * only what changed: hold one per pool. Confined to one thread; deterministic.
 */
public final class ChainTable {
    /** GLB's chains. */
    private static final int PAIR = 2;

    private final Rankings rankings = new Rankings();

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
        return new ForwardingTable(state, rows);
    }

    /** The rows of a state that would need a longer chain than a packet carries. */
    public RowSet overfullRows(PoolState state) {
        return RowSet.of(fill(state).overfull);
    }

    /** Hops of the longest chain that a state needs, also if that is too long. */
    public int longestChain(PoolState state) {
        List<ViewRows> views = state.epochs().map(e -> view(state, e.members())).toList();
        int[] hops = new int[2 * views.size()];
        int longest = 0;
        for (int row = 0; row < state.spec().rows(); row++) {
            int count = 0;
            for (ViewRows view : views) {
                count = with(hops, count, view.first(row));
                count = with(hops, count, view.second(row));
            }
            longest = Math.max(longest, count);
        }
        return state.spec().wire() == Wire.GLB ? Math.min(longest, PAIR) : longest;
    }

    private static int with(int[] hops, int count, int proxy) {
        for (int at = 0; at < count; at++) {
            if (hops[at] == proxy) {
                return count;
            }
        }
        if (proxy == Rendezvous.NONE) {
            return count;
        }
        hops[count] = proxy;
        return count + 1;
    }

    /** Whether every chain of a state has the first two of a view already. */
    public boolean covers(PoolState state, List<Member> view) {
        ViewRows next = view(state, view);
        Rows rows = fill(state);
        for (int row = 0; row < rows.count; row++) {
            if (!isCovered(rows, row, next.first(row)) || !isCovered(rows, row, next.second(row))) {
                return false;
            }
        }
        return true;
    }

    /** The rows on which a view has other open hops than the newest one. */
    public RowSet moved(PoolState state, List<Member> view) {
        ViewRows newest = view(state, state.newest().members());
        ViewRows next = view(state, view);
        BitSet moved = new BitSet();
        for (int row = 0; row < state.spec().rows(); row++) {
            moved.set(
                    row,
                    newest.first(row) != next.first(row) || newest.second(row) != next.second(row));
        }
        return RowSet.of(moved);
    }

    private static boolean isCovered(Rows rows, int row, int proxy) {
        return proxy == Rendezvous.NONE || rows.has(row, proxy);
    }

    /**
     * The rows, by index of proxy, on which a proxy must hold no flow before some older epochs are
     * dropped: those whose chains it would leave, and on GLB's wire those where it was first.
     *
     * @param state without a pending epoch, which protects nobody: it may be given up
     */
    public Map<Integer, RowSet> leaving(PoolState state, List<Epoch> dropped) {
        List<Epoch> kept = state.live().stream().filter(e -> !dropped.contains(e)).toList();
        ForwardingTable now = build(state);
        Map<Integer, RowSet> leaving =
                new HashMap<>(now.leaving(build(state.withEpochs(kept, Optional.empty()))));
        if (state.spec().wire() == Wire.GLB) {
            dropped.forEach(epoch ->
                    formerFirsts(state, epoch, now)
                            .forEach((p, rows) -> leaving.merge(p, rows, RowSet::or)));
        }
        return leaving;
    }

    /** C6b: a primary that stays as second would be dropped unchecked by the next change. */
    private Map<Integer, RowSet> formerFirsts(PoolState state, Epoch epoch, ForwardingTable now) {
        ViewRows former = view(state, epoch.members());
        Map<Integer, BitSet> rows = new HashMap<>();
        for (int row = 0; row < now.rows(); row++) {
            int first = former.first(row);
            if (first != Rendezvous.NONE && now.hop(row, 0) != first) {
                rows.computeIfAbsent(first, p -> new BitSet()).set(row);
            }
        }
        Map<Integer, RowSet> sets = new HashMap<>();
        rows.forEach((proxy, bits) -> sets.put(proxy, RowSet.of(bits)));
        return sets;
    }

    private Rows fill(PoolState state) {
        return switch (state.spec().wire()) {
            case SLUICE -> epochChains(state);
            case GLB -> glbPairs(state);
        };
    }

    /** Open: the newest epoch's first two. Closed: those of every other epoch, newest first. */
    private Rows epochChains(PoolState state) {
        Rows rows = new Rows(state.spec().rows());
        append(rows, view(state, state.newest().members()), false);
        for (int row = 0; row < rows.count; row++) {
            rows.openHere(row);
        }
        for (Epoch epoch : state.settling()) {
            append(rows, view(state, epoch.members()), epoch.expired());
        }
        state.pending().ifPresent(e -> append(rows, view(state, e.members()), false));
        return rows;
    }

    private static void append(Rows rows, ViewRows view, boolean isOverdue) {
        for (int row = 0; row < rows.count; row++) {
            rows.append(row, view.first(row), PoolState.MAX_HOPS, isOverdue);
            rows.append(row, view.second(row), PoolState.MAX_HOPS, isOverdue);
        }
    }

    /**
     * Two hops: the first of the newest epoch, then the first of the other one, or, if they are the
     * same, the next best of both.
     */
    private Rows glbPairs(PoolState state) {
        List<Epoch> others = state.epochs().skip(1).toList();
        boolean closed = state.newest().closeGeneration() > 0;
        ViewRows newest = view(state, state.newest().members());
        ViewRows all = view(state, union(state));
        Rows rows = new Rows(state.spec().rows());
        for (int row = 0; row < rows.count; row++) {
            rows.append(row, newest.first(row), PAIR, false);
        }
        for (Epoch other : others) {
            ViewRows view = view(state, other.members());
            for (int row = 0; row < rows.count; row++) {
                rows.append(row, view.first(row), PAIR, other.expired() && closed);
            }
        }
        boolean[] open = new boolean[state.proxies().size()];
        for (int proxy : newest.proxies()) {
            open[proxy] = true;
        }
        boolean expired = closed && others.stream().anyMatch(Epoch::expired);
        for (int row = 0; row < rows.count; row++) {
            fillUp(rows, row, all.first(row), expired && all.first(row) != newest.second(row));
            fillUp(rows, row, all.second(row), expired && all.second(row) != newest.second(row));
            openLeading(rows, row, open);
        }
        return rows;
    }

    private static void fillUp(Rows rows, int row, int proxy, boolean isOverdue) {
        if (rows.hopCounts[row] < PAIR) {
            rows.append(row, proxy, PAIR, isOverdue);
        }
    }

    private static void openLeading(Rows rows, int row, boolean[] open) {
        int from = row * PoolState.MAX_HOPS;
        int count = 0;
        while (count < rows.hopCounts[row] && open[rows.hops[from + count]]) {
            count++;
        }
        rows.openCounts[row] = (byte) count;
    }

    /** Every member once, with the weight of the oldest live epoch: that of the flows there are. */
    private static List<Member> union(PoolState state) {
        Map<String, Member> members = new LinkedHashMap<>();
        state.live()
                .reversed()
                .forEach(e -> e.members().forEach(m -> members.putIfAbsent(m.proxy(), m)));
        state.pending().ifPresent(e -> e.members().forEach(m -> members.putIfAbsent(m.proxy(), m)));
        return List.copyOf(members.values());
    }

    /** The first two of every row of a view, as indexes of a pool's proxies. */
    public ViewRows view(PoolState state, List<Member> members) {
        Map<String, Integer> indexes = new HashMap<>();
        for (int i = 0; i < state.proxies().size(); i++) {
            indexes.put(state.proxies().get(i).id(), i);
        }
        List<Member> sorted = new ArrayList<>(members);
        // One order for one set of members, so that they are ranked once.
        sorted.sort(Comparator.comparing(Member::proxy));
        int[] proxies = new int[sorted.size()];
        List<Share> shares = new ArrayList<>(sorted.size());
        for (int i = 0; i < proxies.length; i++) {
            Member member = sorted.get(i);
            proxies[i] = index(state, indexes, member.proxy());
            Proxy proxy = state.proxies().get(proxies[i]);
            shares.add(new Share(proxy.address(), member.weight()));
        }
        return new ViewRows(proxies, rankings.of(state.spec(), shares));
    }

    private static int index(PoolState state, Map<String, Integer> indexes, String proxy) {
        Integer index = indexes.get(proxy);
        if (index == null) {
            throw new IllegalArgumentException(
                    "pool " + state.name() + ": an epoch names the unregistered proxy " + proxy);
        }
        return index;
    }
}
