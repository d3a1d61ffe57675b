@NullMarked
package dev.sluice.engine.stream;

import org.jspecify.annotations.NullMarked;
