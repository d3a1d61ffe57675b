/**
 * What the cluster agrees on, in ZooKeeper: start with {@link
 * dev.sluice.cluster.zookeeper.ClusterStore}.
 *
 * <p>Reads arrive by watches, in order, on the store's own thread; writes block and belong on
 * virtual threads. Nothing here decides anything about a pool.
 */
@NullMarked
package dev.sluice.cluster.zookeeper;

import org.jspecify.annotations.NullMarked;
