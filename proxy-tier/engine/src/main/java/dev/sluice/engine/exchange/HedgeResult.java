package dev.sluice.engine.exchange;

/** What became of a second attempt beside a first that took long. */
public enum HedgeResult {
    /** Its answer went to the client. */
    WON,
    /** It was not needed: the first attempt answered, or nobody waits any more. */
    LOST,
    /** It came to nothing by itself. */
    FAILED,
    /** It was not made: for want of budget, or of another endpoint with a place. */
    REFUSED
}
