package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.ChangeQueue.QueuedChange;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Risk;

/** What became of a change in one pool. */
sealed interface Outcome {
    /**
     * It has begun.
     *
     * @param state as written
     * @param epoch that it is about; 0 = none
     * @param deadlineUnixMs when what it displaces is reset; 0 = never
     */
    record Begun(PoolState state, long epoch, long deadlineUnixMs, String effect, Risk risk)
            implements Outcome {}

    /**
     * It waits its turn.
     *
     * @param position 1 = the next one
     * @param reason why it does not begin now
     */
    record Queued(QueuedChange change, int position, String reason) implements Outcome {}

    record Refused(Decision.Refused refusal) implements Outcome {}

    /** Nothing stands against it here; another pool of the same command refused. */
    record Withheld(String otherPool) implements Outcome {}
}
