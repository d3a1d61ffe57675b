package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;

/**
 * When an event loop of a proxy refuses work that it would not get to in time. Its lag is how late
 * it comes to what is due; a loop that is late once, for a pause of the process, is not overloaded.
 *
 * @param connections lag from which new connections are closed as they come
 * @param requests lag from which new requests are refused; those on their way are not touched
 */
public record Overload(Duration connections, Duration requests) {
    static final Overload DEFAULT = new Overload(Duration.ofMillis(500), Duration.ofSeconds(1));

    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(1);

    static Overload read(Section section) {
        Overload read =
                new Overload(
                        section.optional(
                                "connections", Scalars.duration(LEAST, MOST), DEFAULT.connections),
                        section.optional(
                                "requests", Scalars.duration(LEAST, MOST), DEFAULT.requests));
        if (read.requests.compareTo(read.connections) < 0) {
            section.problem(
                    "requests",
                    "is less than 'connections'",
                    read.requests.toMillis() + "ms",
                    "requests cost more to refuse than connections: "
                            + read.connections.toMillis()
                            + "ms or more");
        }
        return read;
    }
}
