package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the endpoints of an upstream are looked up, other than in the configuration. */
public sealed interface Discovery {

    /**
     * By the addresses of a name.
     *
     * @param name in full: no search list is applied
     * @param port of the endpoints; 0 if the records say it
     * @param servers that are asked, in this order; empty for those of the host
     * @param minTtl before which no answer is asked for again, and after a failure
     * @param maxTtl after which every answer is
     */
    record Dns(
            String name,
            Records records,
            int port,
            List<HostPort> servers,
            Duration minTtl,
            Duration maxTtl)
            implements Discovery {
        public Dns {
            servers = List.copyOf(servers);
        }

        @Override
        public String toString() {
            return "dns " + name;
        }

        static Dns read(Section section) {
            Records records = section.optional("records", Scalars.oneOf(Records.class), Records.A);
            Optional<Integer> port = section.maybe("port", Scalars.integer(1, 0xffff));
            Dns dns =
                    new Dns(
                            section.required("name", fullName()),
                            records,
                            port.orElse(0),
                            section.optionalList("servers", Scalars.hostPort()),
                            section.optional("minTtl", span(), Duration.ofSeconds(1)),
                            section.optional("maxTtl", span(), Duration.ofMinutes(5)));
            dns.check(section);
            return dns;
        }

        private void check(Section section) {
            if (records != Records.SRV && port == 0) {
                section.problem("has no port", "", "add port, or records: srv, which name it");
            }
            if (records == Records.SRV && port != 0) {
                section.problem("port", "is what SRV records say", "", "leave it out");
            }
            if (minTtl.compareTo(maxTtl) > 0) {
                section.problem("is never: minTtl is more than maxTtl", "", "change one of them");
            }
        }

        private static Scalar<String> fullName() {
            return Scalars.text()
                    .where(
                            text ->
                                    text.length() <= 253
                                            && text.matches(
                                                    "([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\\.)*"
                                                            + "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\\.?"),
                            "is not a name of DNS",
                            "a name in full, like app.internal");
        }

        private static Scalar<Duration> span() {
            return Scalars.duration(Duration.ofMillis(100), Duration.ofHours(24));
        }
    }

    /**
     * By the instances of a service, as Curator's service discovery keeps them.
     *
     * @param path of the node whose children they are
     */
    record Services(String path) implements Discovery {
        private static final String NAME = "(?!\\.{1,2}(/|$))[^/\\p{Cntrl}]+";

        @Override
        public String toString() {
            return "zookeeper " + path;
        }

        static Services read(Section section) {
            return new Services(section.required("path", node()));
        }

        /** Of a node, in full. */
        public static Scalar<String> node() {
            return Scalars.text()
                    .where(
                            text -> text.matches("(/" + NAME + ")+"),
                            "is not the path of a node",
                            "/ and names, like /services/app");
        }
    }

    /** Which records of a name are asked for. */
    enum Records {
        A,
        AAAA,
        /** Both: one of them may be missing. */
        ANY,
        /** Names, ports and weights (RFC 2782), and then the addresses of both kinds. */
        SRV
    }

    /** None for endpoints that the configuration lists. */
    static Optional<Discovery> read(Section section) {
        Optional<Discovery> dns = section.maybeSection("dns", Dns::read);
        Optional<Discovery> services = section.maybeSection("zookeeper", Services::read);
        if (Stream.of("endpoints", "dns", "zookeeper").filter(section::has).count() > 1) {
            section.problem(
                    "has more than one of endpoints, dns and zookeeper", "", "leave one of them");
        }
        return dns.or(() -> services);
    }
}
