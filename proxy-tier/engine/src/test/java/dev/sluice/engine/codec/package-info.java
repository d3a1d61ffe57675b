@NullMarked
package dev.sluice.engine.codec;

import org.jspecify.annotations.NullMarked;
