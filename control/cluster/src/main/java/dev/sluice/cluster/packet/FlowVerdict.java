package dev.sluice.cluster.packet;

/**
 * What a node did with a packet of a watched flow; the BPF programs' {@code enum watch_verdict}.
 */
public enum FlowVerdict {
    /** A director sent it to a hop. */
    FORWARDED,
    /** A proxy host kept it as first hop. */
    KEPT,
    /** A proxy host kept it as a later hop than the first, or after a rescue. */
    SECOND_CHANCE,
    /** A proxy host sent it on along its chain. */
    NEXT_HOP,
    /** A proxy host sent it on along a newer chain. */
    RESCUED,
    /** Nobody on the chain knew it: the stack of this host answers with a reset. */
    LAST_RESORT,
    /** Dropped for whatever reason. */
    DROPPED
}
