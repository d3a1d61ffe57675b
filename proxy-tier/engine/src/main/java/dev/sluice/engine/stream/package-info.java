/**
 * Connections whose bytes go through as they are: start with {@link
 * dev.sluice.engine.stream.StreamProtocol}.
 */
@NullMarked
package dev.sluice.engine.stream;

import org.jspecify.annotations.NullMarked;
