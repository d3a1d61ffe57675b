/**
 * A request and its response as the engine sees them, whatever protocol carries them: start with
 * {@link dev.sluice.engine.http.ClientStream} and {@link dev.sluice.engine.http.UpstreamStream}.
 * Only the {@code codec} package knows wire formats.
 */
@NullMarked
package dev.sluice.engine.http;

import org.jspecify.annotations.NullMarked;
