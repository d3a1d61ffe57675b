package dev.sluice.engine.exchange;

import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.route.RouteTable;

/**
 * What requests are handled by: immutable, read once at the start of a request.
 *
 * @param servedBy what responses say about who served them; empty for nothing
 */
public record Rules(RouteTable<Destination> routes, Forwarding forwarding, String servedBy) {}
