package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.RecordProblem;

/**
 * Why the value of a node was refused. The last good value stays in force.
 *
 * @param path of the node
 */
public record NodeProblem(String path, RecordProblem problem) {
    @Override
    public String toString() {
        return path + ": " + problem;
    }
}
