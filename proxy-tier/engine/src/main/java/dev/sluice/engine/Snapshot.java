package dev.sluice.engine;

import dev.sluice.cluster.config.AddressBlock;
import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.L7Config;
import dev.sluice.engine.exchange.Destination;
import dev.sluice.engine.exchange.Rules;
import dev.sluice.engine.http.Forwarding;
import dev.sluice.engine.listener.Entrance;
import dev.sluice.engine.route.RateGates;
import dev.sluice.engine.route.RouteTable;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.Target;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A configuration made ready to serve: one immutable object graph, put to work by one volatile
 * write.
 */
record Snapshot(
        L7Config config,
        Map<HostPort, Entrance> entrances,
        Map<String, Group> groups,
        RateGates gates,
        Rules rules) {

    /** Believes nobody. */
    private static final Forwarding NOBODY = new Forwarding(List.<AddressBlock>of());

    static final Snapshot EMPTY =
            new Snapshot(
                    L7Config.EMPTY,
                    Map.of(),
                    Map.of(),
                    RateGates.first(),
                    new Rules(
                            new RouteTable<>(
                                    List.of(),
                                    NOBODY,
                                    _ -> {
                                        throw new IllegalStateException("no routes");
                                    }),
                            NOBODY,
                            L7Config.EMPTY.buffers(),
                            "",
                            L7Config.EMPTY.telemetry()));

    static Snapshot of(
            L7Config config,
            Map<HostPort, Entrance> entrances,
            Map<String, Group> groups,
            RateGates gates,
            String proxyId) {
        Forwarding forwarding = new Forwarding(config.trustedPeers());
        Function<String, Group> group = name -> Objects.requireNonNull(groups.get(name));
        RouteTable<Destination> routes =
                new RouteTable<>(
                        config.routes(),
                        forwarding,
                        route -> Destination.of(route, group, gates, forwarding));
        return new Snapshot(
                config,
                Map.copyOf(entrances),
                groups,
                gates,
                new Rules(
                        routes,
                        forwarding,
                        config.buffers(),
                        config.identifyProxy() ? proxyId : "",
                        config.telemetry()));
    }

    /** By the name of the listener. */
    Map<String, Entrance> listeners() {
        Map<String, Entrance> all = new HashMap<>();
        entrances.values().forEach(one -> all.put(one.listener(), one));
        return all;
    }

    Set<Target> targets() {
        return groups.values().stream()
                .flatMap(Group::targets)
                .collect(Collectors.toUnmodifiableSet());
    }
}
