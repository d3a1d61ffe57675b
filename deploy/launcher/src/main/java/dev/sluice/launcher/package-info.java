/**
 * The one {@code sluice} binary: start with {@link dev.sluice.launcher.Main}. Commands parse and
 * print; the work is in the module that each one names.
 */
@NullMarked
package dev.sluice.launcher;

import org.jspecify.annotations.NullMarked;
