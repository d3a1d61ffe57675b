package dev.sluice.simulation;

/**
 * A broken promise.
 *
 * @param subject of it, as the trace names it
 * @param atNanos virtual time since the start
 */
public record Violation(Invariant invariant, String subject, String text, long atNanos) {

    /** What must hold after every event. */
    public enum Invariant {
        /** No packet of a live flow whose proxy is up reaches a last resort or a reset. */
        NOTHING_IS_CUT,
        /** No flow has two established owners. */
        ONE_OWNER,
        /** No data of a live flow is taken by a host that does not own it. */
        NO_WRONG_OWNER,
        /** No flow stalls by an old socket of its addresses and ports that its SYN has met. */
        SYN_CLEARS_ITS_WAY,
        /** No packet of a live flow waits behind a host that its director calls unreachable. */
        NOTHING_WAITS_FOR_THE_DEAD,
        /** Installed, acknowledged, reported and written generations never go back. */
        GENERATIONS_GROW,
        /** With the faults gone every change ends. */
        CHANGES_END,
        /** With the faults gone every live flow is answered. */
        FLOWS_GO_ON
    }

    /** Ends a run. */
    static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Violation violation;

        Found(Violation violation) {
            super(violation.text(), null, false, false);
            this.violation = violation;
        }

        Violation violation() {
            return violation;
        }
    }
}
