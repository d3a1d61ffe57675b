package dev.sluice.cluster.glb;

import dev.sluice.cluster.pool.Address;

/**
 * A proxy of a GLB table.
 *
 * @param healthy false too if the table does not say
 */
public record GlbBackend(Address address, State state, boolean healthy) {

    /** With its number in the binary format. */
    public enum State {
        /** Takes new flows, but no row is turned over to it. */
        FILLING(0),
        ACTIVE(1),
        /** Comes second wherever the other proxy is active. */
        DRAINING(2),
        /** In no row, but keeps its index. */
        INACTIVE(2);

        private final int number;

        State(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /** Whether GLB prefers an active second proxy to this one. */
    boolean isBad() {
        return state == State.DRAINING || !healthy;
    }
}
