package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where requests enter.
 *
 * @param addresses at least one; no two listeners share one
 * @param tls empty for plaintext
 * @param versions of HTTP that are spoken, in order of preference; not empty. Over TLS the client
 *     chooses (ALPN), in plaintext HTTP/2 is known by its first bytes (prior knowledge)
 */
public record Listener(
        String name,
        List<HostPort> addresses,
        Optional<Tls> tls,
        List<HttpVersion> versions,
        Timeouts timeouts,
        Rates rates,
        Limits limits,
        Http2 http2,
        Targets targets,
        ProxyProtocol proxyProtocol)
        implements Entry {

    public Listener {
        addresses = List.copyOf(addresses);
        versions = List.copyOf(versions);
    }

    public boolean speaks(HttpVersion version) {
        return versions.contains(version);
    }

    static Listener read(Section section, Map<HostPort, String> taken) {
        Optional<Tls> tls = section.maybeSection("tls", Tls::read);
        return new Listener(
                section.required("name", Scalars.name()),
                Entry.addresses(section, taken),
                tls,
                versions(section, tls.isPresent()),
                section.optionalSection("timeouts", Timeouts::read),
                section.optionalSection("rates", Rates::read),
                section.optionalSection("limits", Limits::read),
                section.optionalSection("http2", Http2::read),
                section.optionalSection("targets", Targets::read),
                section.optionalSection("proxyProtocol", ProxyProtocol::readFrom));
    }

    /** In plaintext, where nobody asks for it by ALPN, HTTP/2 is spoken only if it is wanted. */
    private static List<HttpVersion> versions(Section section, boolean secure) {
        if (section.has("versions")) {
            return section.list(
                    "versions",
                    HttpVersion.scalar()
                            .where(new HashSet<>()::add, "is there twice", "each once"));
        }
        return secure ? List.of(HttpVersion.H2, HttpVersion.H1) : List.of(HttpVersion.H1);
    }

    /**
     * How long clients may take.
     *
     * @param clientHeader from the first byte of a request's head (or the end of the TCP handshake)
     *     to its last, TLS handshake included
     * @param idle between two requests of a connection
     * @param body in which a request's or response's body must move by at least a byte
     * @param tunnel in which a tunnel (WebSocket) must move by at least a byte, either way
     * @param connectionAge after which a connection takes no new requests, give or take a tenth;
     *     empty for any age
     */
    public record Timeouts(
            Duration clientHeader,
            Duration idle,
            Duration body,
            Duration tunnel,
            Optional<Duration> connectionAge) {
        private static final Duration MIN = Duration.ofMillis(10);
        private static final Duration MAX = Duration.ofHours(24);

        static Timeouts read(Section section) {
            return new Timeouts(
                    duration(section, "clientHeader", 10),
                    duration(section, "idle", 60),
                    duration(section, "body", 60),
                    duration(section, "tunnel", 3600),
                    section.maybe("connectionAge", Scalars.duration(Duration.ofSeconds(1), MAX)));
        }

        private static Duration duration(Section section, String key, int defaultSeconds) {
            return section.optional(
                    key, Scalars.duration(MIN, MAX), Duration.ofSeconds(defaultSeconds));
        }
    }

    /**
     * How fast clients must be at least, while the proxy waits for nothing else. Units: bytes per
     * second; 0 for any pace.
     *
     * @param requestBytes of a body, until the response begins
     * @param responseBytes of a response that waits for its reader
     * @param window over which either is judged, anew each time
     */
    public record Rates(int requestBytes, int responseBytes, Duration window) {
        static Rates read(Section section) {
            return new Rates(
                    rate(section, "request"),
                    rate(section, "response"),
                    section.optional(
                            "window",
                            Scalars.duration(Duration.ofMillis(100), Duration.ofHours(1)),
                            Duration.ofSeconds(10)));
        }

        private static int rate(Section section, String key) {
            return section.optional(key, Scalars.size(0, 1 << 20).map(Math::toIntExact), 240);
        }

        public long windowNanos() {
            return window.toNanos();
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

    /**
     * What an HTTP/2 connection may do.
     *
     * @param streams at the same time
     * @param windowBytes that a request's body may be ahead of its server; a connection's window is
     *     sixteen of them
     * @param resets in thirty seconds by the client, and as many that it forces the proxy to send;
     *     then the connection is closed
     */
    public record Http2(int streams, int windowBytes, int resets) {
        static Http2 read(Section section) {
            return new Http2(
                    section.optional("streams", Scalars.integer(1, 10_000), 100),
                    section.optional(
                            "window",
                            Scalars.size(16 << 10, 16 << 20).map(Math::toIntExact),
                            64 << 10),
                    section.optional("resets", Scalars.integer(10, 100_000), 200));
        }
    }
}
