@NullMarked
package dev.sluice.engine.compress;

import org.jspecify.annotations.NullMarked;
