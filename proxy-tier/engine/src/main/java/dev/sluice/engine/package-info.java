/** The L7 data path of a proxy: start with {@link dev.sluice.engine.Engine}. */
@NullMarked
package dev.sluice.engine;

import org.jspecify.annotations.NullMarked;
