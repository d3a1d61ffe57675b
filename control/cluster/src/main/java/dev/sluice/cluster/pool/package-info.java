/**
 * The pool state that all tiers agree on, as immutable records: start with {@link
 * dev.sluice.cluster.pool.PoolState}.
 */
@NullMarked
package dev.sluice.cluster.pool;

import org.jspecify.annotations.NullMarked;
