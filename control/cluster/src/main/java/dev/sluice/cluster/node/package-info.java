/**
 * What every process of the cluster needs around its step function: the loop that owns the state
 * ({@link dev.sluice.cluster.node.StepLoop}), its configuration file, its restart memory.
 */
@NullMarked
package dev.sluice.cluster.node;

import org.jspecify.annotations.NullMarked;
