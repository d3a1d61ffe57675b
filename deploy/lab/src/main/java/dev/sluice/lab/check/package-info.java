/**
 * Judges over a history, each a pure function: start with {@link dev.sluice.lab.check.Checkers}.
 */
@NullMarked
package dev.sluice.lab.check;

import org.jspecify.annotations.NullMarked;
