@NullMarked
package dev.sluice.engine.capture;

import org.jspecify.annotations.NullMarked;
