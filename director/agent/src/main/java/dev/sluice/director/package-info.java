/**
 * The director process: start with {@link dev.sluice.director.DirectorProcess}. It observes
 * (ZooKeeper, probes, time), steps {@link dev.sluice.cluster.agent.DirectorStep}, and carries the
 * effects out; it decides nothing itself.
 */
@NullMarked
package dev.sluice.director;

import org.jspecify.annotations.NullMarked;
