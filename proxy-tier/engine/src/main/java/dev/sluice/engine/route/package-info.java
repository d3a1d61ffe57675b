/**
 * From a request to its route, and what a route does with it: start with {@link
 * dev.sluice.engine.route.RouteTable}.
 */
@NullMarked
package dev.sluice.engine.route;

import org.jspecify.annotations.NullMarked;
