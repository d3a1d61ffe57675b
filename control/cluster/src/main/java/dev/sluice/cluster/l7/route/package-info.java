/**
 * The routes of the L7 configuration: which requests they match, what becomes of those, and which
 * of them can never match. Start with {@link dev.sluice.cluster.l7.route.Route}.
 */
@NullMarked
package dev.sluice.cluster.l7.route;

import org.jspecify.annotations.NullMarked;
