package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Change.ViewChange;
import dev.sluice.cluster.transition.Decision.Refused;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Beginning a change in spite of {@link Start}'s guards, and what that may cut.
 *
 * <p>What is forced is only the past: a prepared epoch is given up, unknown commits are passed
 * over, the oldest epochs are dropped until the chains fit. The new epoch itself goes the usual
 * way.
 */
final class Force {
    private Force() {}

    static Decision start(
            ChainTable tables, PoolState state, Facts facts, ViewChange change, long nowUnixMs) {
        PoolState base = state.withEpochs(state.live(), Optional.empty());
        Draft draft = Draft.of(base, facts, change.deadlineUnixMs());
        Optional<Refused> senseless = draft.apply(change);
        if (senseless.isPresent()) {
            return senseless.get();
        }
        List<Epoch> dropped = Start.oldestUntilFits(tables, base, draft);
        PoolState shorter =
                base.withEpochs(
                        base.live().subList(0, base.live().size() - dropped.size()),
                        Optional.empty());
        Risk risk =
                plus(
                        plus(
                                risk(tables, state, dropped, facts),
                                pushedOut(tables, shorter, facts, draft)),
                        laggards(tables, base, facts, draft, nowUnixMs));
        return Start.prepared(
                tables, shorter, facts, draft.noting(given(state, dropped)), risk, nowUnixMs);
    }

    private static List<String> given(PoolState state, List<Epoch> dropped) {
        List<String> given = new ArrayList<>();
        state.pending().ifPresent(p -> given.add("epoch " + p.id() + " given up"));
        dropped.forEach(e -> given.add("epoch " + e.id() + " dropped by force"));
        return given;
    }

    /** Who does not know the last commit may send or take flows where nobody looks for them. */
    private static Risk laggards(
            ChainTable tables, PoolState state, Facts facts, Draft draft, long nowUnixMs) {
        CaughtUp known = Start.knownCommit(state, facts, nowUnixMs);
        return known.holds()
                ? Risk.NONE
                : new Risk(
                        tables.moved(state, draft.view()),
                        0,
                        known.laggards().stream().map(CaughtUp.Laggard::id).toList());
    }

    /** On GLB's wire a new owner may push the second hop out, whatever it holds. */
    private static Risk pushedOut(ChainTable tables, PoolState state, Facts facts, Draft draft) {
        return state.spec().wire() == Wire.GLB
                ? risk(state, facts, Start.pushedOut(tables, state, Start.prepare(state, draft, 0)))
                : Risk.NONE;
    }

    /** What dropping epochs may cut, as far as the reports tell. */
    static Risk risk(ChainTable tables, PoolState state, List<Epoch> dropped, Facts facts) {
        return risk(state, facts, Settling.leaving(tables, state, dropped));
    }

    /**
     * @param leaving the rows, by index of proxy, whose chains it would not be in any more
     */
    private static Risk risk(PoolState state, Facts facts, Map<Integer, RowSet> leaving) {
        RowSet rows = RowSet.NONE;
        long flows = 0;
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<Integer, RowSet> entry : leaving.entrySet()) {
            Proxy proxy = state.proxies().get(entry.getKey());
            if (CaughtUp.isOff(proxy, facts)) {
                continue;
            }
            Optional<OwnedReport> report = Settling.usableReport(state, facts, proxy.id());
            if (report.isEmpty()) {
                unknown.add(proxy.id());
                rows = rows.or(entry.getValue());
            } else {
                RowSet held = report.get().rows().and(entry.getValue());
                rows = rows.or(held);
                flows += held.isEmpty() ? 0 : report.get().flows();
            }
        }
        return new Risk(rows, flows, unknown);
    }

    private static Risk plus(Risk one, Risk other) {
        List<String> unknown = new ArrayList<>(one.unknown());
        other.unknown().stream().filter(id -> !unknown.contains(id)).forEach(unknown::add);
        return new Risk(one.rows().or(other.rows()), one.flows() + other.flows(), unknown);
    }
}
