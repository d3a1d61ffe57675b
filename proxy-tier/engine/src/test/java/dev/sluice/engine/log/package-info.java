@NullMarked
package dev.sluice.engine.log;

import org.jspecify.annotations.NullMarked;
