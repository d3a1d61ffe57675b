package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Decision.Kind;
import dev.sluice.cluster.transition.Decision.Refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Refusals that end when older epochs have settled: who holds them, and until when at most. */
final class Waits {
    private Waits() {}

    /** What would be possible if some older epochs were gone. */
    static Refused forDropped(
            ChainTable tables, PoolState state, Facts facts, List<Epoch> dropped, String reason) {
        return forDropped(tables, state, facts, dropped, reason, RowSet.NONE);
    }

    /**
     * @param rows that stand against it; none = those that its holders hold
     */
    static Refused forDropped(
            ChainTable tables,
            PoolState state,
            Facts facts,
            List<Epoch> dropped,
            String reason,
            RowSet rows) {
        List<Hold> holds = new ArrayList<>();
        dropped.forEach(epoch -> holds.addAll(Settling.holds(tables, state, epoch, facts)));
        String why =
                holds.stream()
                        .map(Hold::text)
                        .distinct()
                        .limit(5)
                        .collect(Collectors.joining("; "));
        return new Refused(
                Kind.NOT_NOW,
                why.isEmpty() ? reason : reason + ": " + why,
                rows.isEmpty() ? allRows(Settling.leaving(tables, state, dropped)) : rows,
                holds.stream().map(Hold::who).distinct().toList(),
                lastDeadline(dropped),
                "wait until "
                        + epochs(dropped)
                        + " settled ('sluice epochs' shows what holds it), or queue the change"
                        + " (--queue)");
    }

    private static String epochs(List<Epoch> dropped) {
        return dropped.size() == 1
                ? "epoch " + dropped.getFirst().id() + " has"
                : "epochs "
                        + dropped.stream()
                                .map(e -> Long.toString(e.id()))
                                .collect(Collectors.joining(", "))
                        + " have";
    }

    private static RowSet allRows(Map<Integer, RowSet> leaving) {
        return leaving.values().stream().reduce(RowSet.NONE, RowSet::or);
    }

    /** Known only if each of them has a deadline. */
    private static OptionalLong lastDeadline(List<Epoch> dropped) {
        return dropped.stream().anyMatch(e -> e.deadlineUnixMs() == 0)
                ? OptionalLong.empty()
                : dropped.stream().mapToLong(Epoch::deadlineUnixMs).max();
    }
}
