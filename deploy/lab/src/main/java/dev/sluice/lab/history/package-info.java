/**
 * Everything that happened while a scenario was played, as records: start with {@link
 * dev.sluice.lab.history.History}.
 */
@NullMarked
package dev.sluice.lab.history;

import org.jspecify.annotations.NullMarked;
