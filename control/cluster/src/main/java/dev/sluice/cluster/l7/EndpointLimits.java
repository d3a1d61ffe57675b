package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;

/**
 * How much each endpoint is given at a time, by each proxy; and who waits for a place at one.
 *
 * @param requests on their way to one endpoint; tunnels and streams of bytes count
 * @param queue requests of the upstream that wait at most; 0 for none
 * @param queueTimeout that one waits at most
 */
public record EndpointLimits(int requests, int queue, Duration queueTimeout) {

    static EndpointLimits read(Section section) {
        return new EndpointLimits(
                section.required("requests", Scalars.integer(1, 1_000_000)),
                section.optional("queue", Scalars.integer(0, 100_000), 1_000),
                section.optional(
                        "queueTimeout",
                        Scalars.duration(Duration.ofMillis(10), Duration.ofHours(1)),
                        Duration.ofSeconds(5)));
    }
}
