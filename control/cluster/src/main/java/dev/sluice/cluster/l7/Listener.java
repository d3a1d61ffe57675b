package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where requests enter.
 *
 * @param addresses at least one; no two listeners share one
 * @param tls empty for plaintext
 */
public record Listener(
        String name,
        List<HostPort> addresses,
        Optional<Tls> tls,
        Timeouts timeouts,
        Limits limits) {

    public Listener {
        addresses = List.copyOf(addresses);
    }

    static Listener read(Section section, Set<HostPort> taken) {
        return new Listener(
                section.required("name", Scalars.name()),
                section.list(
                        "addresses",
                        Scalars.hostPort()
                                .where(taken::add, "is listened on twice", "one listener each")),
                section.maybeSection("tls", Tls::read),
                section.optionalSection("timeouts", Timeouts::read),
                section.optionalSection("limits", Limits::read));
    }

    /**
     * How long clients may take.
     *
     * @param clientHeader from the first byte of a request's head (or the end of the TCP handshake)
     *     to its last, TLS handshake included
     * @param idle between two requests of a connection
     * @param body in which a request's or response's body must move by at least a byte
     * @param tunnel in which a tunnel (WebSocket) must move by at least a byte, either way
     */
    public record Timeouts(Duration clientHeader, Duration idle, Duration body, Duration tunnel) {
        private static final Duration MIN = Duration.ofMillis(10);
        private static final Duration MAX = Duration.ofHours(24);

        static Timeouts read(Section section) {
            return new Timeouts(
                    duration(section, "clientHeader", 10),
                    duration(section, "idle", 60),
                    duration(section, "body", 60),
                    duration(section, "tunnel", 3600));
        }

        private static Duration duration(Section section, String key, int defaultSeconds) {
            return section.optional(
                    key, Scalars.duration(MIN, MAX), Duration.ofSeconds(defaultSeconds));
        }
    }

    /**
     * What clients may send. Units: bytes, and counts.
     *
     * @param headerBytes of a request's head without its first line; trailers likewise
     * @param fields of a request's head
     * @param targetBytes of a request's target
     * @param bodyBytes of a request's body; empty for any size
     * @param connections at the same time; more are closed as they come
     */
    public record Limits(
            int headerBytes,
            int fields,
            int targetBytes,
            Optional<Long> bodyBytes,
            int connections) {

        static Limits read(Section section) {
            return new Limits(
                    size(section, "header", 1 << 10, 1 << 20, 16 << 10),
                    section.optional("fields", Scalars.integer(10, 1000), 100),
                    size(section, "target", 256, 64 << 10, 8 << 10),
                    section.maybe("body", Scalars.size(0, 1L << 50)),
                    section.optional("connections", Scalars.integer(1, 1_000_000), 10_000));
        }

        private static int size(Section section, String key, int min, int max, int otherwise) {
            return section.optional(key, Scalars.size(min, max).map(Math::toIntExact), otherwise);
        }
    }
}
