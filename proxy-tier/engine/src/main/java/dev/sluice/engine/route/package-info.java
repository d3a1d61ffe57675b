/** From host and path to a route: start with {@link dev.sluice.engine.route.RouteTable}. */
@NullMarked
package dev.sluice.engine.route;

import org.jspecify.annotations.NullMarked;
