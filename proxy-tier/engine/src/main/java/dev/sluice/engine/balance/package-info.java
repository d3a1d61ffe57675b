/**
 * Which server of an upstream gets a request: start with {@link
 * dev.sluice.engine.balance.Endpoints}. Knows no threads, clocks or randomness of its own, and
 * nothing of connections.
 *
 * <p>A balancer is a distributor (who is looked at) times a metric (which of those is taken).
 */
@NullMarked
package dev.sluice.engine.balance;

import org.jspecify.annotations.NullMarked;
