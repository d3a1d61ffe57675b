package dev.sluice.director;

import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The file of {@code sluice director run}.
 *
 * @param announce command that has the routers send packets here; empty: routers need no telling
 * @param withdraw command that undoes it
 * @param watchdogPatience how long a table may be stale without an agent before the watchdog
 *     withdraws the host
 * @param address6 on the underlay, beside an IPv4 one
 * @param unsafeChainHops chains are cut to so many hops: breaks connections, for demonstrations
 */
public record DirectorConfig(
        NodeConfig node,
        List<String> announce,
        List<String> withdraw,
        Probing probing,
        Duration watchdogPatience,
        Optional<Address> address6,
        int unsafeChainHops) {

    /** With one address. */
    public DirectorConfig(
            NodeConfig node,
            List<String> announce,
            List<String> withdraw,
            Probing probing,
            Duration watchdogPatience,
            int unsafeChainHops) {
        this(
                node,
                announce,
                withdraw,
                probing,
                watchdogPatience,
                Optional.empty(),
                unsafeChainHops);
    }

    /** Without a limit of the MTU. */
    Underlay underlay() {
        Underlay one = Underlay.of(node.address());
        return address6.map(one::and).orElse(one);
    }

    /**
     * How hops are probed: a TCP connect to each proxy's health port.
     *
     * @param interval between two probes of one hop
     * @param timeout of one probe
     */
    public record Probing(
            int port, Duration interval, Duration timeout, HopHealth.Thresholds thresholds) {
        private static final Duration SHORTEST = Duration.ofMillis(50);
        private static final Duration LONGEST = Duration.ofMinutes(1);

        static Probing read(Section health) {
            return new Probing(
                    health.optional("port", Scalars.integer(1, 65_535), 19_524),
                    health.optional(
                            "interval",
                            Scalars.duration(SHORTEST, LONGEST),
                            Duration.ofMillis(500)),
                    health.optional(
                            "timeout", Scalars.duration(SHORTEST, LONGEST), Duration.ofMillis(500)),
                    new HopHealth.Thresholds(
                            health.optional("failures", Scalars.integer(1, 100), 3),
                            health.optional("successes", Scalars.integer(1, 100), 2)));
        }
    }

    private record Hooks(List<String> up, List<String> down) {
        static Hooks read(Section section) {
            return new Hooks(
                    section.optionalList("up", Scalars.text()),
                    section.optionalList("down", Scalars.text()));
        }
    }

    private static Optional<Address> address6(Section section, Address address) {
        Optional<Address> second = section.maybe("address6", Scalars.address());
        if (second.isPresent() && (second.get().isIpv4() || !address.isIpv4())) {
            section.problem(
                    "address6",
                    "does not go with 'address'",
                    "an IPv6 address beside an IPv4 one",
                    "");
        }
        return second;
    }

    private static Duration patience(Section watchdog) {
        return watchdog.optional(
                "patience",
                Scalars.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                Duration.ofSeconds(15));
    }

    public static DirectorConfig read(Section section) {
        Hooks hooks = section.optionalSection("announce", Hooks::read);
        NodeConfig node = NodeConfig.read(section);
        return new DirectorConfig(
                node,
                hooks.up(),
                hooks.down(),
                section.optionalSection("health", Probing::read),
                section.optionalSection("watchdog", DirectorConfig::patience),
                address6(section, node.address()),
                section.optionalSection(
                        "unsafe",
                        unsafe ->
                                unsafe.optional(
                                        "chainHops",
                                        Scalars.integer(1, PoolState.MAX_HOPS),
                                        PoolState.MAX_HOPS)));
    }
}
