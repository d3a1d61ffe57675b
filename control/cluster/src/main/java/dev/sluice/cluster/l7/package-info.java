/**
 * The L7 configuration: listeners, routes, upstreams. Start with {@link
 * dev.sluice.cluster.l7.L7Config}; every key is documented in {@code docs/config.md}.
 */
@NullMarked
package dev.sluice.cluster.l7;

import org.jspecify.annotations.NullMarked;
