package dev.sluice.director;

import dev.sluice.cluster.agent.HopHealth;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.pool.PoolState;

import java.time.Duration;
import java.util.List;

/**
 * The file of {@code sluice director run}.
 *
 * @param announce command that has the routers send packets here; empty: routers need no telling
 * @param withdraw command that undoes it
 * @param watchdogPatience how long a table may be stale without an agent before the watchdog
 *     withdraws the host
 * @param unsafeChainHops chains are cut to so many hops: breaks connections, for demonstrations
 */
public record DirectorConfig(
        NodeConfig node,
        List<String> announce,
        List<String> withdraw,
        Probing probing,
        Duration watchdogPatience,
        int unsafeChainHops) {

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

    private static Duration patience(Section watchdog) {
        return watchdog.optional(
                "patience",
                Scalars.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
                Duration.ofSeconds(15));
    }

    public static DirectorConfig read(Section section) {
        Hooks hooks = section.optionalSection("announce", Hooks::read);
        return new DirectorConfig(
                NodeConfig.read(section),
                hooks.up(),
                hooks.down(),
                section.optionalSection("health", Probing::read),
                section.optionalSection("watchdog", DirectorConfig::patience),
                section.optionalSection(
                        "unsafe",
                        unsafe ->
                                unsafe.optional(
                                        "chainHops",
                                        Scalars.integer(1, PoolState.MAX_HOPS),
                                        PoolState.MAX_HOPS)));
    }
}
