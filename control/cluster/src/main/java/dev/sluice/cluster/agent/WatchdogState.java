package dev.sluice.cluster.agent;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that a director's watchdog remembers between two observations.
 *
 * @param patienceNanos how long a table may be stale without an agent
 * @param fresh connected to ZooKeeper, and everything re-read since
 * @param agentPresent the agent has a session
 * @param onRecord the director's record says that it is withdrawn
 * @param withdrawn by this watchdog, and no agent has run since
 * @param generations pool to its generation in ZooKeeper
 * @param staleSinceNanos when the table was first seen to be stale, or the last withdrawal failed
 */
public record WatchdogState(
        long patienceNanos,
        boolean fresh,
        boolean agentPresent,
        boolean onRecord,
        boolean withdrawn,
        Map<String, Long> generations,
        OptionalLong staleSinceNanos) {

    public WatchdogState {
        generations = Map.copyOf(generations);
    }

    public static WatchdogState initial(long patienceNanos) {
        return new WatchdogState(
                patienceNanos, false, false, false, false, Map.of(), OptionalLong.empty());
    }

    /** Nobody is to be told any more. */
    boolean isOut() {
        return withdrawn || onRecord;
    }

    WatchdogState withFresh(boolean is) {
        return new WatchdogState(
                patienceNanos, is, agentPresent, onRecord, withdrawn, generations, staleSinceNanos);
    }

    WatchdogState withAgentPresent(boolean is) {
        return new WatchdogState(
                patienceNanos, fresh, is, onRecord, withdrawn, generations, staleSinceNanos);
    }

    WatchdogState withOnRecord(boolean is) {
        return new WatchdogState(
                patienceNanos, fresh, agentPresent, is, withdrawn, generations, staleSinceNanos);
    }

    WatchdogState withWithdrawn(boolean is) {
        return new WatchdogState(
                patienceNanos, fresh, agentPresent, onRecord, is, generations, staleSinceNanos);
    }

    WatchdogState withStaleSince(OptionalLong nanos) {
        return new WatchdogState(
                patienceNanos, fresh, agentPresent, onRecord, withdrawn, generations, nanos);
    }

    /**
     * @param generation 0: the pool is gone
     */
    WatchdogState withGeneration(String pool, long generation) {
        Map<String, Long> next = new HashMap<>(generations);
        if (generation == 0) {
            next.remove(pool);
        } else {
            next.put(pool, generation);
        }
        return new WatchdogState(
                patienceNanos, fresh, agentPresent, onRecord, withdrawn, next, staleSinceNanos);
    }
}
