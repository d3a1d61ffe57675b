package dev.sluice.cluster.agent;

import java.util.Map;

/** What a director's watchdog notices. */
public sealed interface WatchdogObservation {
    record PoolRead(String pool, long generation) implements WatchdogObservation {}

    record PoolGone(String pool) implements WatchdogObservation {}

    /** Whether the director's agent has a session. */
    record AgentSeen(boolean present) implements WatchdogObservation {}

    /** The director's persistent record. */
    record RecordRead(boolean withdrawn) implements WatchdogObservation {}

    /** Connected, and every record re-read since. */
    record Reread() implements WatchdogObservation {}

    record SessionLost() implements WatchdogObservation {}

    /**
     * This host, now.
     *
     * @param agentRuns a process has the datapath
     * @param inKernel pool to the generation that the pinned table forwards by; only looked at when
     *     no process has it
     */
    record Looked(boolean agentRuns, Map<String, Long> inKernel) implements WatchdogObservation {}

    /** Routers know it, and it is on record. */
    record Withdrawn() implements WatchdogObservation {}

    record WithdrawFailed(String problem) implements WatchdogObservation {}

    /** Time passes: about once a second. */
    record Tick() implements WatchdogObservation {}
}
