package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch.Member;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ViewRows;
import dev.sluice.cluster.transition.Change.ViewChange;
import dev.sluice.cluster.transition.Decision.Kind;
import dev.sluice.cluster.transition.Decision.Refused;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a change would do, without doing it.
 *
 * @param decision what {@link Safety#check} answers now
 * @param forced what {@link Safety#force} answers, if the decision is a refusal: its risk, or why
 *     even that is refused
 * @param rows of the pool
 * @param openRows on which other proxies than now, or in another order, take new connections
 * @param movedRows on which another proxy is the first to get them: this share of new connections
 *     moves
 * @param longestChain hops of the longest chain while it lasts
 * @param loads of every proxy that is in the view before or afterwards
 */
public record Plan(
        Decision decision,
        Optional<Decision> forced,
        int rows,
        int openRows,
        int movedRows,
        int longestChain,
        List<Load> loads) {
    public Plan {
        loads = List.copyOf(loads);
    }

    /**
     * One proxy's part.
     *
     * @param rowsBefore on which it is the first to get new connections
     * @param displacedRows of those on which it may get none afterwards
     * @param connections open in its process now; 0 if it has no session
     */
    public record Load(
            String proxy, int rowsBefore, int rowsAfter, int displacedRows, long connections) {

        /** How many of its connections will live by the second chance, if rows are equally busy. */
        public long displacedConnections() {
            return rowsBefore == 0
                    ? 0
                    : Math.round((double) connections * displacedRows / rowsBefore);
        }

        /** E.g. {@code all of proxy-1's 1204}; empty if it keeps them all. */
        public String displaced() {
            if (displacedRows == 0) {
                return "";
            }
            return displacedRows == rowsBefore
                    ? "all of " + proxy + "'s " + connections
                    : "about " + displacedConnections() + " of " + proxy + "'s " + connections;
        }
    }

    public double movedShare() {
        return (double) movedRows / rows;
    }

    /** As {@link #of(ChainTable, PoolState, Facts, Change, long)}, for a single question. */
    public static Plan of(PoolState state, Facts facts, Change change, long nowUnixMs) {
        return of(new ChainTable(), state, facts, change, nowUnixMs);
    }

    /**
     * @param tables of this pool, kept by callers who ask again and again from one thread
     */
    public static Plan of(
            ChainTable tables, PoolState state, Facts facts, Change change, long nowUnixMs) {
        Decision decision = Safety.check(tables, state, facts, change, nowUnixMs);
        Optional<Decision> forced =
                decision instanceof Refused refused && refused.kind() == Kind.NOT_NOW
                        ? Optional.of(Safety.force(tables, state, facts, change, nowUnixMs))
                        : Optional.empty();
        return new Counting(tables, state, facts, view(state, facts, change))
                .plan(decision, forced);
    }

    /** The view that the change is about; that of a change that makes no sense is the last one. */
    private static List<Member> view(PoolState state, Facts facts, Change change) {
        Draft draft = Draft.of(state, facts, 0);
        if (change instanceof ViewChange view) {
            draft.imagine(view);
            return draft.view();
        }
        return state.newest().members();
    }

    /** Goes over all rows once. */
    private static final class Counting {
        private final ChainTable tables;
        private final PoolState state;
        private final Facts facts;
        private final ViewRows before;
        private final ViewRows after;
        private final List<Member> view;
        private final int[] rowsBefore;
        private final int[] rowsAfter;
        private final int[] displaced;
        private int open;
        private int moved;

        Counting(ChainTable tables, PoolState state, Facts facts, List<Member> view) {
            this.tables = tables;
            this.state = state;
            this.facts = facts;
            this.view = view;
            this.before = tables.view(state, state.newest().members());
            this.after = tables.view(state, view);
            int proxies = state.proxies().size();
            this.rowsBefore = new int[proxies];
            this.rowsAfter = new int[proxies];
            this.displaced = new int[proxies];
            for (int row = 0; row < state.spec().rows(); row++) {
                count(row);
            }
        }

        private void count(int row) {
            int was = before.first(row);
            int becomes = after.first(row);
            rowsBefore[was]++;
            rowsAfter[becomes]++;
            displaced[was] += becomes == was || after.second(row) == was ? 0 : 1;
            moved += was == becomes ? 0 : 1;
            open += was == becomes && before.second(row) == after.second(row) ? 0 : 1;
        }

        Plan plan(Decision decision, Optional<Decision> forced) {
            List<Load> loads = new ArrayList<>();
            for (int i = 0; i < rowsBefore.length; i++) {
                Proxy proxy = state.proxies().get(i);
                boolean inView = view.stream().anyMatch(m -> m.proxy().equals(proxy.id()));
                if (inView || state.newest().has(proxy.id())) {
                    loads.add(
                            new Load(
                                    proxy.id(),
                                    rowsBefore[i],
                                    rowsAfter[i],
                                    displaced[i],
                                    connections(proxy.id())));
                }
            }
            return new Plan(
                    decision,
                    forced,
                    state.spec().rows(),
                    open,
                    moved,
                    tables.longestChain(Start.prepared(state, view)),
                    loads);
        }

        private long connections(String proxy) {
            ProxyFacts running = facts.proxies().get(proxy);
            return running == null ? 0 : running.connections();
        }
    }
}
