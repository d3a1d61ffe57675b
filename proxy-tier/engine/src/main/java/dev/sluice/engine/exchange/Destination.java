package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.upstream.Group;

/** A route and the group that it leads to. */
public record Destination(Route route, Group group) {}
