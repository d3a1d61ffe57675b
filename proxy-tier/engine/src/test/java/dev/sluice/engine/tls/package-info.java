@NullMarked
package dev.sluice.engine.tls;

import org.jspecify.annotations.NullMarked;
