package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.RowSet;

import java.util.List;
import java.util.OptionalLong;

/** The answer to a {@link Change}. */
public sealed interface Decision {
    /**
     * The change may begin.
     *
     * @param next to be written by compare-and-set over the state that was asked about
     * @param phases still to come, in order; empty if the write is all there is to it
     * @param effect one sentence for the audit log
     * @param risk nothing, unless it was forced
     */
    record Accepted(PoolState next, List<Phase> phases, String effect, Risk risk)
            implements Decision {
        public Accepted {
            phases = List.copyOf(phases);
        }
    }

    /**
     * The change is not begun.
     *
     * @param reason what stands against it
     * @param rows that stand against it, e.g. those that would need too long a chain
     * @param proxies that hold it up
     * @param earliestUnixMs when what stands against it ends at the latest, if that is known: a
     *     deadline, or the end of a patience
     * @param wayOut what the operator can do
     */
    record Refused(
            Kind kind,
            String reason,
            RowSet rows,
            List<String> proxies,
            OptionalLong earliestUnixMs,
            String wayOut)
            implements Decision {
        public Refused {
            proxies = List.copyOf(proxies);
        }

        static Refused wrong(String reason, String wayOut) {
            return new Refused(
                    Kind.WRONG, reason, RowSet.NONE, List.of(), OptionalLong.empty(), wayOut);
        }

        static Refused notNow(String reason, String wayOut) {
            return new Refused(
                    Kind.NOT_NOW, reason, RowSet.NONE, List.of(), OptionalLong.empty(), wayOut);
        }

        Refused heldBy(List<String> holders) {
            return new Refused(kind, reason, rows, holders, earliestUnixMs, wayOut);
        }

        Refused until(OptionalLong unixMs) {
            return new Refused(kind, reason, rows, proxies, unixMs, wayOut);
        }
    }

    /** Whether waiting can help. */
    enum Kind {
        /** It may wait its turn in the queue. */
        NOT_NOW,
        /** It makes no sense for this pool, now or later: never queued. */
        WRONG
    }
}
