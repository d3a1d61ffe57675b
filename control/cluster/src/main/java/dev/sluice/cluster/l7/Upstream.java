package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The group of servers that requests go to.
 *
 * @param endpoints may be empty: requests then get 503
 * @param version that the endpoints speak
 * @param zones how requests keep to the zone of their proxy
 * @param check empty if only requests tell how endpoints are
 * @param sticky empty if each request is on its own
 * @param tls empty for plaintext
 * @param proxyProtocol what connections begin with, to say who the client is; such a connection is
 *     never used for another client. Empty for nothing
 * @param connectTimeout of one attempt, TLS handshake included
 * @param responseTimeout in which an endpoint that owes something must send at least a byte
 * @param retries how many requests may be on a second attempt
 * @param maxRequests at the same time, from this proxy; more get 503
 * @param limits of each endpoint; empty for none
 * @param discovery where endpoints are looked up; empty if {@code endpoints} lists them
 */
public record Upstream(
        String name,
        List<EndpointSpec> endpoints,
        Balancing balancing,
        Ejection ejection,
        Zones zones,
        Optional<HealthCheck> check,
        Optional<Stickiness> sticky,
        UpstreamVersion version,
        Optional<UpstreamTls> tls,
        Optional<ProxyProtocol.Version> proxyProtocol,
        Duration connectTimeout,
        Duration responseTimeout,
        KeepAlive keepAlive,
        Retries retries,
        int maxRequests,
        Optional<EndpointLimits> limits,
        Optional<Discovery> discovery) {

    /** Of all endpoints together: shares of it are counted in 31 bits, with room for percents. */
    public static final int MAX_WEIGHTS = 10_000_000;

    public Upstream {
        endpoints = List.copyOf(endpoints);
    }

    static Upstream read(Section section) {
        Upstream upstream = readKeys(section);
        boolean grpc =
                upstream.check.filter(one -> one.probe() instanceof HealthCheck.Grpc).isPresent();
        if (upstream.version == UpstreamVersion.AUTO && upstream.tls.isEmpty()) {
            section.problem(
                    "version",
                    "is agreed upon in TLS, which is missing",
                    "h1, h2",
                    "or add a section tls");
        }
        if (grpc && upstream.version != UpstreamVersion.H2) {
            section.problem("check", "is of gRPC, which goes over HTTP/2", "", "add version: h2");
        }
        checkWeights(section, upstream.endpoints);
        return upstream;
    }

    private static void checkWeights(Section section, List<EndpointSpec> endpoints) {
        long sum = endpoints.stream().mapToLong(EndpointSpec::weight).sum();
        if (sum > MAX_WEIGHTS) {
            section.problem(
                    "endpoints",
                    "have weights of " + sum + " together",
                    MAX_WEIGHTS + " at most",
                    "divide all weights by the same number");
        }
    }

    private static Upstream readKeys(Section section) {
        String name = section.required("name", Scalars.name());
        return new Upstream(
                name,
                endpoints(section),
                Balancing.read(section),
                section.optionalSection("ejection", Ejection::read),
                section.optionalSection("zones", Zones::read),
                section.maybeSection("check", HealthCheck::read),
                section.maybeSection("sticky", inner -> Stickiness.read(inner, name)),
                section.optional(
                        "version", Scalars.oneOf(UpstreamVersion.class), UpstreamVersion.H1),
                section.maybeSection("tls", UpstreamTls::read),
                section.maybe("proxyProtocol", ProxyProtocol.version()),
                section.optional("connectTimeout", duration(), Duration.ofSeconds(1)),
                section.optional("responseTimeout", duration(), Duration.ofSeconds(60)),
                section.optionalSection("keepAlive", KeepAlive::read),
                section.optionalSection("retries", Retries::read),
                section.optional("maxRequests", Scalars.integer(1, 1_000_000), 10_000),
                section.maybeSection("limits", EndpointLimits::read),
                Discovery.read(section));
    }

    /** Addresses alone, or sections with more about one. */
    private static List<EndpointSpec> endpoints(Section section) {
        Scalar<HostPort> addresses =
                Scalars.hostPort().where(new HashSet<>()::add, "is listed twice", "");
        return section.optionalList(
                "endpoints",
                addresses.map(EndpointSpec::new),
                inner -> EndpointSpec.read(inner, addresses));
    }

    private static Scalar<Duration> duration() {
        return Scalars.duration(Duration.ofMillis(10), Duration.ofHours(24));
    }

    /**
     * Requests that may be on a second attempt at the same time, from this proxy.
     *
     * @param percent of the requests on their way
     * @param least that always may; 0 with 0 percent: none ever
     * @param most that may, whatever the percentage
     * @param perTry after which a request that another endpoint may be asked for is given up; empty
     *     for never
     */
    public record Retries(int percent, int least, int most, Optional<Duration> perTry) {
        static Retries read(Section section) {
            Retries retries =
                    new Retries(
                            section.optional("percent", Scalars.integer(0, 100), 20),
                            section.optional("least", Scalars.integer(0, 1_000), 3),
                            section.optional("most", Scalars.integer(0, 1_000_000), 1_000),
                            section.maybe("perTryTimeout", duration()));
            if (retries.most < retries.least) {
                section.problem("most", "is less than least", "", "change one of them");
            }
            return retries;
        }

        /** How many of so many requests. */
        public int budget(int requests) {
            return Math.clamp((long) requests * percent / 100, least, most);
        }
    }

    /**
     * Connections to an endpoint that wait for the next request.
     *
     * @param connections kept at most, per endpoint and event loop; 0 closes each after its request
     * @param idle how long one waits; shorter than the servers' own, or requests meet closing ones
     */
    public record KeepAlive(int connections, Duration idle) {
        static KeepAlive read(Section section) {
            return new KeepAlive(
                    section.optional("connections", Scalars.integer(0, 10_000), 32),
                    section.optional("idle", duration(), Duration.ofSeconds(30)));
        }
    }
}
