/**
 * Tells an OpenTelemetry collector about requests: start with {@link
 * dev.sluice.engine.trace.Tracer}.
 */
@NullMarked
package dev.sluice.engine.trace;

import org.jspecify.annotations.NullMarked;
