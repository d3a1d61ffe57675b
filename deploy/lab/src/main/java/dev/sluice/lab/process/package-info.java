/** Processes that outlive the launcher, and how they are found again. */
@NullMarked
package dev.sluice.lab.process;

import org.jspecify.annotations.NullMarked;
