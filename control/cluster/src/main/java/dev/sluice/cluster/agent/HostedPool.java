package dev.sluice.cluster.agent;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.transition.Facts.OwnedReport;

import java.util.Optional;

/**
 * A pool on a proxy host.
 *
 * @param persisted generation that survives a restart; 0 = none
 * @param scanDueNanos when the sockets are to be read next
 * @param scanning a scan was asked for and has not been answered
 * @param report the last one made by this process
 */
record HostedPool(
        Installation installation,
        long persisted,
        long scanDueNanos,
        boolean scanning,
        Optional<OwnedReport> report) {

    static HostedPool known(PoolState state, long inKernel) {
        return new HostedPool(
                Installation.known(state, inKernel), 0, Long.MAX_VALUE, false, Optional.empty());
    }

    PoolState latest() {
        return installation.latest();
    }

    /** Some epoch but the newest is there, or other hash fields: reports are waited for. */
    boolean isChanging() {
        return latest().pending().isPresent()
                || !latest().settling().isEmpty()
                || latest().spec().isMigrating();
    }

    HostedPool with(Installation next) {
        return new HostedPool(next, persisted, scanDueNanos, scanning, report);
    }

    HostedPool withPersisted(long generation) {
        return new HostedPool(
                installation, Math.max(persisted, generation), scanDueNanos, scanning, report);
    }

    HostedPool scanAt(long dueNanos) {
        return new HostedPool(installation, persisted, dueNanos, false, report);
    }

    HostedPool scanBegun() {
        return new HostedPool(installation, persisted, Long.MAX_VALUE, true, report);
    }

    HostedPool reported(OwnedReport made) {
        return new HostedPool(installation, persisted, scanDueNanos, scanning, Optional.of(made));
    }
}
