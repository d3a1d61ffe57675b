/**
 * The life of a request between its client and its endpoint: start with {@link
 * dev.sluice.engine.exchange.Exchange}.
 */
@NullMarked
package dev.sluice.engine.exchange;

import org.jspecify.annotations.NullMarked;
