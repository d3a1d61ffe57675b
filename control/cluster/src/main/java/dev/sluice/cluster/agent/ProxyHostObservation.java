package dev.sluice.cluster.agent;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a proxy host notices. */
public sealed interface ProxyHostObservation {
    /**
     * The process begins.
     *
     * @param snapshot the states that were installed and persisted before it stopped
     * @param inKernel pool to the generation that a pinned table works by
     */
    record Started(List<PoolState> snapshot, Map<String, Long> inKernel)
            implements ProxyHostObservation {}

    record PoolRead(PoolState state) implements ProxyHostObservation {}

    /** A pool's record cannot be used; the last good one stays. */
    record PoolRefused(String pool, String problem) implements ProxyHostObservation {}

    /**
     * A director's record was read.
     *
     * @param addresses on the underlay; empty: the record cannot be used
     */
    record DirectorRead(String id, Set<Address> addresses) implements ProxyHostObservation {}

    /** A director is off for good. */
    record DirectorGone(String id) implements ProxyHostObservation {}

    /** Connected, and every record re-read since. */
    record Reread() implements ProxyHostObservation {}

    record SessionLost() implements ProxyHostObservation {}

    /** Table and generation are live in the kernel. */
    record Installed(String pool, long generation) implements ProxyHostObservation {}

    record InstallFailed(String pool, long generation, String problem)
            implements ProxyHostObservation {}

    /** The state survives a restart of this process. */
    record Persisted(String pool, long generation) implements ProxyHostObservation {}

    /**
     * The kernel's sockets were read.
     *
     * @param generation that was installed when the scan was asked for
     */
    record Scanned(String pool, long generation, DisplacedRows displaced)
            implements ProxyHostObservation {}

    /** The sockets could not be read; tried again a second later. */
    record ScanFailed(String pool, String problem) implements ProxyHostObservation {}

    /** Time passes: about once a second. */
    record Tick() implements ProxyHostObservation {}
}
