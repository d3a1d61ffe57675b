@NullMarked
package dev.sluice.engine.route;

import org.jspecify.annotations.NullMarked;
