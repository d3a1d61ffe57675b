package dev.sluice.simulation;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.OwnedReport;
import dev.sluice.cluster.transition.Facts.ProxyFacts;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** What controllers are told where a guard is off. */
final class DoctoredFacts {
    private final World world;
    private final Boundary boundary;

    DoctoredFacts(World world, Boundary boundary) {
        this.world = world;
        this.boundary = boundary;
    }

    /** For a decision whether a change may start. */
    Facts atStart(PoolState state, Facts facts) {
        Facts gone = withMissing(facts);
        boolean starts = boundary.isOff(Guard.START_CAUGHT_UP) && state.pending().isEmpty();
        return starts ? allCaughtUp(state, gone) : gone;
    }

    /** For whatever is next. */
    Facts atTurn(PoolState state, Facts facts) {
        Facts next = atStart(state, facts);
        if (boundary.isOff(Guard.COMMIT_CAUGHT_UP) && state.pending().isPresent()) {
            next = allCaughtUp(state, next);
        }
        if (boundary.isOff(Guard.SETTLE_GENERATION)) {
            next = withReports(next, (id, r) -> at(r, state.generation()));
        }
        if (boundary.isOff(Guard.SETTLE_EMPTY)) {
            next = withReports(next, (id, r) -> holding(r, RowSet.NONE));
        }
        if (boundary.isOff(Guard.SETTLE_SECOND_HOP)) {
            next =
                    withReports(
                            next, (id, r) -> holding(r, world.rowsWhereFirst(state, id, r.rows())));
        }
        if (boundary.isOff(Guard.PENDING_PROTECTS_NOBODY)) {
            next =
                    withReports(
                            next, (id, r) -> holding(r, world.rowsNotPending(state, id, r.rows())));
        }
        boolean overdue = state.settling().stream().anyMatch(Epoch::expired);
        if (overdue && boundary.isOff(Guard.DEADLINE_FENCED)) {
            next = withReports(next, (id, r) -> cutAt(r, state.generation()));
        }
        if (boundary.isOff(Guard.INCARNATION)) {
            Map<String, ProxyFacts> running = next.proxies();
            next = withReports(next, (id, r) -> by(r, running.get(id)));
        }
        return next;
    }

    private Facts withMissing(Facts facts) {
        if (!boundary.isOff(Guard.MISSING_IS_NOT_GONE)) {
            return facts;
        }
        Map<String, DirectorFacts> directors = new TreeMap<>();
        facts.directors()
                .forEach((id, d) ->
                        directors.put(
                                id,
                                new DirectorFacts(
                                        d.acknowledged(),
                                        d.withdrawn() || !d.present(),
                                        d.present(),
                                        d.unreachable())));
        return new Facts(directors, facts.proxies(), facts.reports());
    }

    static Facts allCaughtUp(PoolState state, Facts facts) {
        long known = state.generation();
        Map<String, DirectorFacts> directors = new TreeMap<>();
        facts.directors()
                .forEach((id, d) ->
                        directors.put(
                                id,
                                new DirectorFacts(
                                        known, d.withdrawn(), d.present(), d.unreachable())));
        Map<String, ProxyFacts> proxies = new TreeMap<>();
        facts.proxies()
                .forEach((id, p) ->
                        proxies.put(id, new ProxyFacts(p.incarnation(), known, p.connections())));
        return new Facts(directors, proxies, facts.reports());
    }

    private static Facts withReports(
            Facts facts, BiFunction<String, OwnedReport, OwnedReport> doctor) {
        Map<String, OwnedReport> reports = new TreeMap<>();
        facts.reports().forEach((id, report) -> reports.put(id, doctor.apply(id, report)));
        return new Facts(facts.directors(), facts.proxies(), reports);
    }

    private static OwnedReport at(OwnedReport report, long generation) {
        return new OwnedReport(
                report.incarnation(), generation, report.fenced(), report.rows(), report.flows());
    }

    private static OwnedReport cutAt(OwnedReport report, long generation) {
        return new OwnedReport(report.incarnation(), generation, true, RowSet.NONE, 0);
    }

    private static OwnedReport holding(OwnedReport report, RowSet rows) {
        return new OwnedReport(
                report.incarnation(),
                report.installedGeneration(),
                report.fenced(),
                rows,
                report.flows());
    }

    private static OwnedReport by(
            OwnedReport report, @org.jspecify.annotations.Nullable ProxyFacts running) {
        return running == null
                ? report
                : new OwnedReport(
                        running.incarnation(),
                        report.installedGeneration(),
                        report.fenced(),
                        report.rows(),
                        report.flows());
    }
}
