/**
 * The control process: it founds pools, takes commands over its admin socket and, as the leader,
 * advances open changes. Start with {@link dev.sluice.control.ControlProcess}.
 *
 * <p>Control processes keep nothing of their own: any number of them may run, and each may die at
 * any time.
 */
@NullMarked
package dev.sluice.control;

import org.jspecify.annotations.NullMarked;
