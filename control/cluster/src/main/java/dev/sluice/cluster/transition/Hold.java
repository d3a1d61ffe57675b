package dev.sluice.cluster.transition;

/**
 * Who keeps an epoch from being dropped, or a prepared one from being committed.
 *
 * @param who a director's or proxy's id
 * @param rows that it holds up; 0 if the whole epoch waits for it
 * @param flows that its last report counted on rows where it takes no new ones
 * @param text one sentence for people
 */
public record Hold(long epoch, Kind kind, String who, int rows, long flows, String text) {
    Hold telling(String what) {
        return new Hold(epoch, kind, who, rows, flows, what + text);
    }

    /** What is missing. */
    public enum Kind {
        /** A director has not acknowledged a generation. */
        DIRECTOR_LAGS,
        /** A proxy host has not installed a generation. */
        PROXY_LAGS,
        /** There is no report of this process. */
        NO_REPORT,
        /** The report was made by too old a generation. */
        OLD_REPORT,
        /** The report does not claim that new flows are refused. */
        NOT_FENCED,
        /** There are flows. */
        FLOWS
    }
}
