package dev.sluice.proxy;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.table.FlowKey;

import java.time.Duration;
import java.util.List;

/**
 * An L7 server that is not ours, on this host.
 *
 * @param addresses on which it has to listen, a VIP's among them; with all of them it is well
 * @param interval between two looks at it
 */
public record ServerConfig(List<HostPort> addresses, Duration interval) {
    public ServerConfig {
        addresses = List.copyOf(addresses);
    }

    /** {@code addresses, interval}. */
    static ServerConfig read(Section section) {
        return new ServerConfig(
                section.list("addresses", Scalars.hostPort()),
                section.optional(
                        "interval",
                        Scalars.duration(Duration.ofMillis(50), Duration.ofMinutes(1)),
                        Duration.ofMillis(500)));
    }

    /** Whether a client's flow is with this server. */
    boolean serves(FlowKey flow) {
        return addresses.contains(new HostPort(flow.destination(), flow.destinationPort()));
    }
}
