/**
 * What happens when an event loop does not keep up: start with {@link
 * dev.sluice.engine.overload.Pulse}, one for each loop.
 */
@NullMarked
package dev.sluice.engine.overload;

import org.jspecify.annotations.NullMarked;
