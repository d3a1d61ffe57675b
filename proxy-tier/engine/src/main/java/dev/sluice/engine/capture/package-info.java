/**
 * What is kept of messages that are not valid, for people who ask what a client or a server sent:
 * {@link dev.sluice.engine.capture.Captures}.
 */
@NullMarked
package dev.sluice.engine.capture;

import org.jspecify.annotations.NullMarked;
