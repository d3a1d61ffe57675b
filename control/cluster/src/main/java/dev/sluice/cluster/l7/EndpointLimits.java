package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.Optional;

/**
 * How much each endpoint is given at a time, by each proxy; and who waits for a place at one.
 *
 * @param requests on their way to one endpoint; tunnels and streams of bytes count; empty for any
 *     number
 * @param connections to one endpoint, resting ones too; empty for any number
 * @param queue requests of the upstream that wait at most; 0 for none
 * @param queueTimeout that one waits at most
 */
public record EndpointLimits(
        Optional<Integer> requests,
        Optional<Integer> connections,
        int queue,
        Duration queueTimeout) {

    static EndpointLimits read(Section section) {
        if (!section.has("requests") && !section.has("connections")) {
            section.problem("limits nothing", "", "add requests, connections or both");
        }
        return new EndpointLimits(
                section.maybe("requests", Scalars.integer(1, 1_000_000)),
                section.maybe("connections", Scalars.integer(1, 1_000_000)),
                section.optional("queue", Scalars.integer(0, 100_000), 1_000),
                section.optional(
                        "queueTimeout",
                        Scalars.duration(Duration.ofMillis(10), Duration.ofHours(1)),
                        Duration.ofSeconds(5)));
    }
}
