package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Who still needs an old epoch (PROTOCOL rule 9).
 *
 * <p>Dropping it takes proxies out of some rows' chains. Each of them must have reported, from a
 * generation at least as new as the newest commit, that it is fenced and holds no flow on those
 * rows. Fill hops count exactly like first ones.
 */
final class Settling {
    private Settling() {}

    /** For people: what keeps the epoch; empty if it can be dropped. */
    static List<String> heldBy(PoolState state, Epoch epoch, Facts facts) {
        if (state.spec().wire() == Wire.GLB) {
            CaughtUp directors = directorsKnowTheCommit(state, facts);
            if (!directors.holds()) {
                return directors.laggards();
            }
        }
        ChainTable tables = new ChainTable();
        ForwardingTable now = tables.build(state);
        ForwardingTable then = tables.build(without(state, epoch));
        List<String> held = new ArrayList<>();
        for (int proxy = 0; proxy < state.proxies().size(); proxy++) {
            RowSet leaving = leaving(now, then, proxy);
            if (!leaving.isEmpty()) {
                holder(state, facts, state.proxies().get(proxy).id(), leaving).ifPresent(held::add);
            }
        }
        return held;
    }

    /** Without a fence, an old owner gets new flows until the last director forwards elsewhere. */
    private static CaughtUp directorsKnowTheCommit(PoolState state, Facts facts) {
        long commit = state.newest().commitGeneration();
        return CaughtUp.of(
                state, facts, new CaughtUp.Question(commit, commit, CaughtUp.Question.LONG_AGO), 0);
    }

    private static PoolState without(PoolState state, Epoch epoch) {
        return ProxyStates.next(
                state,
                state.live().stream().filter(e -> e.id() != epoch.id()).toList(),
                state.pending(),
                state.nextEpochId());
    }

    private static RowSet leaving(ForwardingTable now, ForwardingTable then, int proxy) {
        return RowSet.of(
                IntStream.range(0, now.rows())
                        .filter(row -> now.isHop(row, proxy) && !then.isHop(row, proxy)));
    }

    private static Optional<String> holder(
            PoolState state, Facts facts, String proxy, RowSet leaving) {
        Optional<OwnedReport> report = facts.reportOf(proxy);
        long needed = state.newest().commitGeneration();
        if (report.isEmpty()) {
            return Optional.of("proxy " + proxy + " has made no report");
        }
        if (report.get().installedGeneration() < needed) {
            return Optional.of(
                    "proxy "
                            + proxy
                            + " reported at generation "
                            + report.get().installedGeneration()
                            + ", needed is "
                            + needed);
        }
        if (state.spec().wire() == Wire.SLUICE && !report.get().fenced()) {
            return Optional.of("proxy " + proxy + " is not fenced");
        }
        int rows = report.get().rows().and(leaving).size();
        return rows == 0
                ? Optional.empty()
                : Optional.of(
                        "proxy "
                                + proxy
                                + " holds "
                                + report.get().flows()
                                + " connections on "
                                + rows
                                + " rows");
    }
}
