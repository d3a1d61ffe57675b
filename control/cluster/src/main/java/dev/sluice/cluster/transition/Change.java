package dev.sluice.cluster.transition;

/** What an operator may ask of a pool. Each one means "the newest view becomes V". */
public sealed interface Change {
    /**
     * Take no new flows on a proxy; keep those it has.
     *
     * @param deadlineUnixMs when its remaining flows are reset; 0 = never
     */
    record Drain(String proxy, long deadlineUnixMs) implements Change {}

    /** Take new flows on a proxy again, or for the first time. */
    record Fill(String proxy) implements Change {}

    /** Give up the change that is being prepared. */
    record Abort() implements Change {}
}
