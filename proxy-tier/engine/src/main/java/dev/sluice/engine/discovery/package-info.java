/**
 * Finds the endpoints of upstreams that the configuration does not list: start with {@link
 * dev.sluice.engine.discovery.Discoveries}. What was found last stays until something else is.
 */
@NullMarked
package dev.sluice.engine.discovery;

import org.jspecify.annotations.NullMarked;
