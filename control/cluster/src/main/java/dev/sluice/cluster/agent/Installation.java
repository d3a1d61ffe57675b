package dev.sluice.cluster.agent;

import dev.sluice.cluster.pool.PoolState;

import java.util.Set;

/**
 * How far a node's datapath is with one pool.
 *
 * @param latest the newest state known, the one to install
 * @param generation forwarded by now; 0 = none
 * @param demoted proxies demoted in what is installed
 */
record Installation(PoolState latest, long generation, Set<String> demoted, Status status) {
    enum Status {
        /** A pinned table of an earlier process: its order of hops is not known. */
        INHERITED,
        SETTLED,
        /** An install was asked for and has not been answered. */
        UNDERWAY,
        /** The last install failed: tried again at the next tick. */
        FAILED
    }

    Installation {
        demoted = Set.copyOf(demoted);
    }

    static Installation known(PoolState state, long inKernel) {
        return new Installation(state, inKernel, Set.of(), Status.INHERITED);
    }

    Installation learned(PoolState state) {
        return new Installation(
                state, generation, demoted, status == Status.FAILED ? Status.SETTLED : status);
    }

    Installation begun() {
        return new Installation(latest, generation, demoted, Status.UNDERWAY);
    }

    Installation done(long installed, Set<String> installedDemoted) {
        return new Installation(latest, installed, installedDemoted, Status.SETTLED);
    }

    Installation failed() {
        return new Installation(latest, generation, demoted, Status.FAILED);
    }

    Installation retried() {
        return new Installation(
                latest, generation, demoted, status == Status.FAILED ? Status.INHERITED : status);
    }

    boolean isCurrent() {
        return generation == latest.generation() && status == Status.SETTLED;
    }

    boolean needs(Set<String> wantedDemotions) {
        return switch (status) {
            // The snapshot may be older than what an earlier process left pinned (rule 14).
            case INHERITED -> generation <= latest.generation();
            case SETTLED -> generation != latest.generation() || !demoted.equals(wantedDemotions);
            case UNDERWAY, FAILED -> false;
        };
    }
}
