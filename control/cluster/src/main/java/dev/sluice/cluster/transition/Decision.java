package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.PoolState;

/** The answer to a {@link Change}. */
public sealed interface Decision {
    /**
     * The change may begin.
     *
     * @param next to be written by compare-and-set over the state that was asked about
     * @param effect one sentence for the audit log
     */
    record Accepted(PoolState next, String effect) implements Decision {}

    /**
     * The change is not begun.
     *
     * @param reason what stands against it
     * @param wayOut what the operator can do
     */
    record Refused(String reason, String wayOut) implements Decision {}
}
