/**
 * Endpoints and the connections to them: start with {@link dev.sluice.engine.upstream.Group} and
 * {@link dev.sluice.engine.upstream.Connections}.
 */
@NullMarked
package dev.sluice.engine.upstream;

import org.jspecify.annotations.NullMarked;
