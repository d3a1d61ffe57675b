package dev.sluice.engine.overload;

import dev.sluice.cluster.l7.Overload;

/**
 * What a loop refuses that does not keep up: the cheapest to refuse first. Ends at half of the lag
 * that it began with, so that it does not flutter. Confined to the loop.
 */
final class Shedding {
    private boolean connections;
    private boolean requests;

    /**
     * Decides anew.
     *
     * @return whether anything changed
     */
    boolean look(long lagNanos, Overload limits) {
        boolean before = connections;
        boolean beforeRequests = requests;
        connections = isBeyond(lagNanos, limits.connections().toNanos(), connections);
        requests = isBeyond(lagNanos, limits.requests().toNanos(), requests);
        return before != connections || beforeRequests != requests;
    }

    private static boolean isBeyond(long lagNanos, long limitNanos, boolean already) {
        return lagNanos >= (already ? limitNanos / 2 : limitNanos);
    }

    boolean ofConnections() {
        return connections;
    }

    boolean ofRequests() {
        return requests;
    }
}
