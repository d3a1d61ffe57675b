package dev.sluice.cluster.zookeeper;

/**
 * What a watch saw at a node.
 *
 * @param <T> the node's record
 */
public sealed interface Seen<T> {
    /** The node's name: a pool's name, a director's id and so on. */
    String name();

    /**
     * A good value.
     *
     * @param version of the node, for compare-and-set
     */
    record Value<T>(String name, T value, int version) implements Seen<T> {}

    /** A value that must not be used: keep the last good one. */
    record Corrupt<T>(String name, NodeProblem problem) implements Seen<T> {}

    /** The node does not exist, or no longer. */
    record Gone<T>(String name) implements Seen<T> {}
}
