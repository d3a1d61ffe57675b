@NullMarked
package dev.sluice.engine.upstream;

import org.jspecify.annotations.NullMarked;
