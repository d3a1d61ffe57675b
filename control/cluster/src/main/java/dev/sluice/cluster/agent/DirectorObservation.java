package dev.sluice.cluster.agent;

import dev.sluice.cluster.pool.PoolState;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a director notices. */
public sealed interface DirectorObservation {
    /**
     * The process begins.
     *
     * @param snapshot the states it worked with before it stopped
     * @param inKernel pool to the generation that a pinned table forwards by
     */
    record Started(List<PoolState> snapshot, Map<String, Long> inKernel)
            implements DirectorObservation {}

    record PoolRead(PoolState state) implements DirectorObservation {}

    /** A pool's record cannot be used; the last good one stays. */
    record PoolRefused(String pool, String problem) implements DirectorObservation {}

    /** Connected, and every record re-read since. */
    record Reread() implements DirectorObservation {}

    record SessionLost() implements DirectorObservation {}

    /** The swap happened: packets go by this generation. */
    record Installed(String pool, long generation, Set<String> demoted)
            implements DirectorObservation {}

    record InstallFailed(String pool, long generation, String problem)
            implements DirectorObservation {}

    /** The acknowledgement is on record. */
    record Acknowledged(Map<String, Long> generations) implements DirectorObservation {}

    /** The routers could not be told; tried again at the next tick. */
    record AnnounceFailed(String problem) implements DirectorObservation {}

    record HopProbed(String proxy, boolean success, String detail) implements DirectorObservation {}

    /** Time passes: about once a second. */
    record Tick() implements DirectorObservation {}
}
