/** What a scenario came to, for people and programs. */
@NullMarked
package dev.sluice.lab.report;

import org.jspecify.annotations.NullMarked;
