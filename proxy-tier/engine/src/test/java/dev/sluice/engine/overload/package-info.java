@NullMarked
package dev.sluice.engine.overload;

import org.jspecify.annotations.NullMarked;
