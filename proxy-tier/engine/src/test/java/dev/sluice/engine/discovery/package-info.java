@NullMarked
package dev.sluice.engine.discovery;

import org.jspecify.annotations.NullMarked;
