package dev.sluice.cluster.zookeeper;

/** The life of the ZooKeeper session, in order with what the watches see. */
public sealed interface SessionEvent {
    /** Connected, for the first time or again; what is known may still be old. */
    record Connected() implements SessionEvent {}

    /**
     * Every watched node was read from an up-to-date server since the last (re)connect, and its
     * value was delivered.
     *
     * @param epoch grows with every (re)connect
     */
    record Reread(long epoch) implements SessionEvent {}

    /** Not connected: nothing new is learnt, and what is known may be old. */
    record Suspended() implements SessionEvent {}

    /** The session ended: the ephemeral nodes are gone, or soon will be. */
    record Lost() implements SessionEvent {}
}
