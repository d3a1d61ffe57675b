package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.pool.PoolSpec.HashField;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.transition.Advance.Write;
import dev.sluice.cluster.transition.CaughtUp.Question;
import dev.sluice.cluster.transition.Decision.Accepted;
import dev.sluice.cluster.transition.Decision.Refused;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A change of a pool's hash fields, which gives every flow another row (docs/adr/0030).
 *
 * <p>As with views: PREPARE has chains go on by the next fields, so that whoever forwards by the
 * present ones finds what others have placed by these; COMMIT exchanges the two; and the former
 * fields go when every proxy host, fenced by the commit, reports no flow on a row where it is not
 * open. A flow then has two rows of two hops, so no other change runs meanwhile.
 */
final class Rehashing {
    private static final Set<HashField> ALL = Set.of(HashField.values());

    private Rehashing() {}

    static Decision start(
            ChainTable tables,
            PoolState state,
            Facts facts,
            Set<HashField> fields,
            long nowUnixMs) {
        return senseless(state, fields)
                .or(() -> Start.notNow(tables, state, facts, nowUnixMs))
                .or(() -> settling(tables, state, facts))
                .<Decision>map(refused -> refused)
                .orElseGet(() ->
                        new Accepted(
                                next(state, state.spec().preparing(fields)),
                                phases(state, facts),
                                "rows by " + words(fields) + ": prepared",
                                Risk.NONE));
    }

    private static Optional<Refused> senseless(PoolState state, Set<HashField> fields) {
        if (fields.isEmpty()) {
            return Optional.of(
                    Refused.wrong("no hash field is named", "name at least one: " + words(ALL)));
        }
        if (state.spec().wire() == Wire.GLB) {
            return Optional.of(
                    Refused.wrong(
                            "pool "
                                    + state.name()
                                    + " has wire: glb, whose packets do not say by which fields"
                                    + " they were sent",
                            "only pools with wire: sluice change their fields while they serve"));
        }
        boolean same = state.spec().hashFields().equals(fields) && !state.spec().isMigrating();
        return same
                ? Optional.of(
                        Refused.wrong(
                                "pool " + state.name() + " goes by " + words(fields) + " already",
                                "nothing is to be done"))
                : Optional.empty();
    }

    private static Optional<Refused> settling(ChainTable tables, PoolState state, Facts facts) {
        return state.settling().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Waits.forDropped(
                                tables,
                                state,
                                facts,
                                state.settling(),
                                "older views of pool "
                                        + state.name()
                                        + " are settling, and chains have no room for them beside"
                                        + " other hash fields"));
    }

    /** What stands against any change of the view. */
    static Optional<Refused> underWay(PoolState state) {
        PoolSpec spec = state.spec();
        if (!spec.isMigrating()) {
            return Optional.empty();
        }
        Set<HashField> target =
                spec.nextHashFields().isEmpty() ? spec.hashFields() : spec.nextHashFields();
        return Optional.of(
                Refused.notNow(
                        "pool " + state.name() + " is changing its hash fields to " + words(target),
                        "wait until 'sluice epochs' shows no more of it, or queue this change"
                                + " (--queue)"));
    }

    /** Gives up what is prepared and not committed. */
    static Optional<Accepted> abort(PoolState state) {
        return state.spec().nextHashFields().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Accepted(
                                next(state, state.spec().migrated()),
                                List.of(),
                                "the change of hash fields is given up",
                                Risk.NONE));
    }

    /**
     * COMMIT or the end, if it is due.
     *
     * @param holds gets what it waits for
     */
    static Optional<Write> advance(PoolState state, Facts facts, long nowUnixMs, List<Hold> holds) {
        if (!state.spec().isMigrating()) {
            return Optional.empty();
        }
        return state.spec().formerHashFields().isEmpty()
                ? commit(state, facts, nowUnixMs, holds)
                : end(state, facts, holds);
    }

    private static Optional<Write> commit(
            PoolState state, Facts facts, long nowUnixMs, List<Hold> holds) {
        CaughtUp prepared =
                CaughtUp.of(
                        state,
                        facts,
                        Question.of(state.generation(), Question.LONG_AGO),
                        nowUnixMs);
        if (!prepared.holds()) {
            prepared.laggards()
                    .forEach(l -> holds.add(l.holding(state.newest().id(), "hash fields wait: ")));
            return Optional.empty();
        }
        Set<HashField> fields = state.spec().nextHashFields();
        return Optional.of(
                new Write(
                        next(state, state.spec().migratingTo(fields)),
                        "rows by " + words(fields) + " committed"));
    }

    private static Optional<Write> end(PoolState state, Facts facts, List<Hold> holds) {
        List<Hold> held =
                state.proxies().stream()
                        .filter(proxy -> !CaughtUp.isOff(proxy, facts))
                        .flatMap(proxy -> holder(state, proxy, facts).stream())
                        .toList();
        holds.addAll(held);
        return held.isEmpty()
                ? Optional.of(
                        new Write(
                                next(state, state.spec().migrated()),
                                "no flow is left that only the former hash fields find"))
                : Optional.empty();
    }

    /** Reports count from the present generation on, which is the commit's or a newer one. */
    private static Optional<Hold> holder(PoolState state, Proxy proxy, Facts facts) {
        Optional<OwnedReport> report =
                Settling.usableReport(state, facts, proxy.id())
                        .filter(r -> r.installedGeneration() == state.generation());
        if (report.isEmpty()) {
            return Optional.of(
                    hold(
                            state,
                            proxy,
                            Hold.Kind.NO_REPORT,
                            0,
                            0,
                            " has not reported since generation " + state.generation()));
        }
        int rows = report.get().rows().size();
        return rows == 0
                ? Optional.empty()
                : Optional.of(
                        hold(
                                state,
                                proxy,
                                Hold.Kind.FLOWS,
                                rows,
                                report.get().flows(),
                                " holds "
                                        + report.get().flows()
                                        + " connections that only the former ones find"));
    }

    private static Hold hold(
            PoolState state, Proxy proxy, Hold.Kind kind, int rows, long flows, String what) {
        return new Hold(
                state.newest().id(),
                kind,
                proxy.id(),
                rows,
                flows,
                "hash fields wait: proxy " + proxy.id() + what);
    }

    private static List<Phase> phases(PoolState state, Facts facts) {
        List<String> proxies =
                state.proxies().stream()
                        .filter(p -> !CaughtUp.isOff(p, facts))
                        .map(Proxy::id)
                        .toList();
        return List.of(
                new Phase(
                        Phase.Name.PREPARE,
                        "all directors or all proxies to know generation "
                                + (state.generation() + 1),
                        proxies),
                new Phase(Phase.Name.COMMIT, "every proxy to go by the new fields", proxies),
                new Phase(
                        Phase.Name.SETTLE,
                        "connections to end that only the former fields find",
                        proxies));
    }

    private static PoolState next(PoolState state, PoolSpec spec) {
        return new PoolState(
                state.name(),
                state.generation() + 1,
                spec,
                state.proxies(),
                state.live(),
                state.pending(),
                state.nextEpochId());
    }

    private static String words(Set<HashField> fields) {
        return fields.stream()
                .sorted()
                .map(f -> f.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
    }
}
