package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.l7.route.HostPattern;
import dev.sluice.cluster.l7.route.Match;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where connections enter whose bytes are passed on without a look at them: databases, mail, TLS
 * that ends at the server.
 *
 * @param addresses at least one; no two listeners share one
 */
public record StreamListener(
        String name,
        List<HostPort> addresses,
        Service service,
        ProxyProtocol proxyProtocol,
        Timeouts timeouts,
        Limits limits)
        implements Entry {

    public StreamListener {
        addresses = List.copyOf(addresses);
    }

    /** What is done with a connection, and which upstream gets it. */
    public sealed interface Service {}

    /**
     * Any protocol.
     *
     * @param tls terminated here; empty for bytes as they come
     */
    public record Tcp(String upstream, Optional<Tls> tls) implements Service {
        static Tcp read(Section section, Collection<String> upstreams) {
            return new Tcp(
                    section.required("upstream", Scalars.oneOf(upstreams)),
                    section.maybeSection("tls", Tls::read));
        }
    }

    /**
     * TLS that is not decrypted: the server is chosen by the name in the ClientHello.
     *
     * @param otherwise upstream for other names and for none; empty to refuse those
     */
    public record Passthrough(List<ServerName> names, Optional<String> otherwise)
            implements Service {
        public Passthrough {
            names = List.copyOf(names);
        }

        static Passthrough read(Section section, Collection<String> upstreams) {
            Set<HostPattern> seen = new HashSet<>();
            Passthrough read =
                    new Passthrough(
                            section.optionalSections(
                                    "names", name -> ServerName.read(name, seen, upstreams)),
                            section.maybe("otherwise", Scalars.oneOf(upstreams)));
            if (!section.has("names") && !section.has("otherwise")) {
                section.problem("leads nowhere", "", "give it 'names', 'otherwise' or both");
            }
            return read;
        }
    }

    /** Which upstream a name leads to; the most specific pattern wins. */
    public record ServerName(HostPattern host, String upstream) {
        static ServerName read(
                Section section, Set<HostPattern> seen, Collection<String> upstreams) {
            return new ServerName(
                    section.required(
                            "host",
                            Match.hosts().where(seen::add, "is there twice", "each name once")),
                    section.required("upstream", Scalars.oneOf(upstreams)));
        }
    }

    static StreamListener read(Section section, Map<HostPort, String> taken, Service service) {
        return new StreamListener(
                section.required("name", Scalars.name()),
                Entry.addresses(section, taken),
                service,
                section.optionalSection("proxyProtocol", ProxyProtocol::read),
                section.optionalSection("timeouts", Timeouts::read),
                section.optionalSection("limits", Limits::read));
    }

    /**
     * How long a connection may take.
     *
     * @param opening from the connect to the end of what comes before the first byte that is passed
     *     on: PROXY header, ClientHello, handshake
     * @param idle in which a byte must move, either way
     */
    public record Timeouts(Duration opening, Duration idle) {
        private static final Duration MIN = Duration.ofMillis(10);
        private static final Duration MAX = Duration.ofHours(24);

        static Timeouts read(Section section) {
            return new Timeouts(
                    section.optional("opening", Scalars.duration(MIN, MAX), Duration.ofSeconds(10)),
                    section.optional("idle", Scalars.duration(MIN, MAX), Duration.ofHours(1)));
        }
    }

    /**
     * What clients may ask for.
     *
     * @param helloBytes within which a ClientHello must be complete
     * @param connections at the same time; more are closed as they come
     */
    public record Limits(int helloBytes, int connections) {
        static Limits read(Section section) {
            return new Limits(
                    section.optional(
                            "hello",
                            Scalars.size(1 << 10, 64 << 10).map(Math::toIntExact),
                            16 << 10),
                    section.optional("connections", Scalars.integer(1, 1_000_000), 10_000));
        }
    }
}
