/**
 * How a pool changes: START, PREPARE, COMMIT, SETTLE, DEADLINE, ABORT of PROTOCOL.md as pure
 * functions. Start with {@link dev.sluice.cluster.transition.Safety} (may this change begin?) and
 * {@link dev.sluice.cluster.transition.Transitions} (what is the next step of an open one?).
 */
@NullMarked
package dev.sluice.cluster.transition;

import org.jspecify.annotations.NullMarked;
