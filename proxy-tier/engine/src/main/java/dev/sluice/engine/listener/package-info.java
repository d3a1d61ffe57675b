/** Sockets that clients come in by: start with {@link dev.sluice.engine.listener.Port}. */
@NullMarked
package dev.sluice.engine.listener;

import org.jspecify.annotations.NullMarked;
