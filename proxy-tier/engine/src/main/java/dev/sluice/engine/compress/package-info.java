/**
 * Responses that go out compressed: start with {@link
 * dev.sluice.engine.compress.CompressionPolicy}.
 */
@NullMarked
package dev.sluice.engine.compress;

import org.jspecify.annotations.NullMarked;
