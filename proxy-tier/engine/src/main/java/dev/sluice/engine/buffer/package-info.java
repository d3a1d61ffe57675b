/**
 * Where requests wait until they are whole: start with {@link
 * dev.sluice.engine.buffer.BufferStore}.
 */
@NullMarked
package dev.sluice.engine.buffer;

import org.jspecify.annotations.NullMarked;
