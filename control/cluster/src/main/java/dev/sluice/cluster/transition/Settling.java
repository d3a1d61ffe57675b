package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.CaughtUp.Question;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who still needs an old epoch (PROTOCOL rule 9).
 *
 * <p>Dropping it takes proxies out of some rows' chains. Each of them must have reported, from a
 * generation at least as new as the newest commit, that it is fenced and holds no flow on those
 * rows. Fill hops count exactly like first ones. A pending epoch protects nobody: it may be given
 * up (docs/adr/0020).
 */
final class Settling {
    private Settling() {}

    /** What keeps the epoch; empty if it can be dropped. */
    static List<Hold> holds(ChainTable tables, PoolState state, Epoch epoch, Facts facts) {
        List<Hold> held = new ArrayList<>(lateOnGlbsWire(state, epoch, facts));
        if (!held.isEmpty()) {
            return held;
        }
        held.addAll(holders(state, epoch, facts, leaving(tables, state, List.of(epoch))));
        return held;
    }

    /**
     * Who holds flows on rows whose chains it would not be in any more.
     *
     * @param leaving those rows, by index of proxy
     */
    static List<Hold> holders(
            PoolState state, Epoch epoch, Facts facts, Map<Integer, RowSet> leaving) {
        List<Hold> held = new ArrayList<>();
        leaving.forEach((proxy, rows) ->
                holder(state, epoch, facts, state.proxies().get(proxy), rows).ifPresent(held::add));
        return held;
    }

    /**
     * Without a fence an old owner gets new flows until the last director forwards elsewhere, and
     * only reports of after that count: the ones that follow CLOSE.
     */
    private static List<Hold> lateOnGlbsWire(PoolState state, Epoch epoch, Facts facts) {
        if (state.spec().wire() != Wire.GLB) {
            return List.of();
        }
        return everyDirector(state, facts).laggards().stream()
                .map(l -> l.holding(epoch.id(), ""))
                .toList();
    }

    /** Every publish waits for all directors. */
    static CaughtUp everyDirector(PoolState state, Facts facts) {
        return CaughtUp.of(state, facts, Question.of(state.generation(), Question.LONG_AGO), 0);
    }

    /** The rows, by index of proxy, that must be empty before older epochs are dropped. */
    static Map<Integer, RowSet> leaving(ChainTable tables, PoolState state, List<Epoch> dropped) {
        return tables.leaving(state.withEpochs(state.live(), Optional.empty()), dropped);
    }

    /** From this generation on reports count (C11). */
    private static long reportsFrom(PoolState state) {
        if (state.spec().wire() == Wire.SLUICE) {
            return state.newest().commitGeneration();
        }
        Epoch newest = state.newest();
        boolean awaitsClose = newest.closeGeneration() == 0 && !state.settling().isEmpty();
        return awaitsClose
                ? state.generation() + 1
                : Math.max(newest.commitGeneration(), newest.closeGeneration());
    }

    /** A report of the running process that is new enough and claims the fence. */
    static Optional<OwnedReport> usableReport(PoolState state, Facts facts, String proxy) {
        return facts.reportOf(proxy)
                .filter(r -> isNewEnough(state, r))
                .filter(r -> state.spec().wire() == Wire.GLB || r.fenced());
    }

    /** A report of a generation that the pool has not reached is of another history. */
    private static boolean isNewEnough(PoolState state, OwnedReport report) {
        return report.installedGeneration() >= reportsFrom(state)
                && report.installedGeneration() <= state.generation();
    }

    private static Optional<Hold> holder(
            PoolState state, Epoch epoch, Facts facts, Proxy proxy, RowSet leaving) {
        String id = proxy.id();
        if (CaughtUp.isOff(proxy, facts)) {
            return Optional.empty();
        }
        Optional<OwnedReport> usable = usableReport(state, facts, id);
        if (usable.isEmpty()) {
            return Optional.of(unusable(state, epoch, id, facts.reportOf(id), leaving));
        }
        long flows = usable.get().flows();
        int rows = usable.get().rows().and(leaving).size();
        return rows == 0
                ? Optional.empty()
                : Optional.of(
                        new Hold(
                                epoch.id(),
                                Hold.Kind.FLOWS,
                                id,
                                rows,
                                flows,
                                "proxy "
                                        + id
                                        + " holds "
                                        + flows
                                        + " connections on "
                                        + rows
                                        + " rows"));
    }

    private static Hold unusable(
            PoolState state, Epoch epoch, String id, Optional<OwnedReport> report, RowSet leaving) {
        if (report.isEmpty()) {
            return new Hold(
                    epoch.id(),
                    Hold.Kind.NO_REPORT,
                    id,
                    leaving.size(),
                    0,
                    "proxy " + id + " has made no report");
        }
        boolean old = !isNewEnough(state, report.get());
        return new Hold(
                epoch.id(),
                old ? Hold.Kind.OLD_REPORT : Hold.Kind.NOT_FENCED,
                id,
                leaving.size(),
                report.get().flows(),
                old
                        ? "proxy "
                                + id
                                + " reported at generation "
                                + report.get().installedGeneration()
                                + ", needed is "
                                + reportsFrom(state)
                        : "proxy " + id + " is not fenced");
    }
}
