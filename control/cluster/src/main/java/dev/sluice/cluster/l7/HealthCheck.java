package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.Optional;

/**
 * How each proxy finds out whether an endpoint is well, whatever requests come.
 *
 * @param port that is asked; empty for the endpoint's own
 * @param interval between the end of a check and the next one, give or take a tenth
 * @param timeout of a check as a whole
 * @param rise checks in a row that an endpoint passes before it is used again
 * @param fall checks in a row that it fails before it is not
 */
public record HealthCheck(
        Probe probe,
        Optional<Integer> port,
        Duration interval,
        Duration timeout,
        int rise,
        int fall) {

    /** What is asked. */
    public sealed interface Probe {}

    /**
     * A GET that is to be answered with a status from 200 to 299; over TLS if the upstream has it.
     *
     * @param host that it is for; empty for the endpoint's address
     */
    public record Http(String path, Optional<String> host) implements Probe {}

    /** Takes a connection; and a handshake, if the upstream has TLS. */
    public record Tcp() implements Probe {}

    /**
     * The gRPC health checking protocol (grpc.health.v1): is to be serving.
     *
     * @param service empty for the server as a whole
     */
    public record Grpc(String service) implements Probe {}

    private enum Kind {
        HTTP,
        TCP,
        GRPC
    }

    static HealthCheck read(Section section) {
        return new HealthCheck(
                probe(section),
                section.maybe("port", Scalars.integer(1, 0xffff)),
                section.optional("interval", duration(), Duration.ofSeconds(5)),
                section.optional("timeout", duration(), Duration.ofSeconds(2)),
                section.optional("rise", Scalars.integer(1, 100), 2),
                section.optional("fall", Scalars.integer(1, 100), 3));
    }

    private static Probe probe(Section section) {
        return switch (section.optional("kind", Scalars.oneOf(Kind.class), Kind.HTTP)) {
            case HTTP ->
                    new Http(section.optional("path", path(), "/"), section.maybe("host", host()));
            case TCP -> new Tcp();
            case GRPC -> new Grpc(section.optional("service", service(), ""));
        };
    }

    private static Scalar<Duration> duration() {
        return Scalars.duration(Duration.ofMillis(100), Duration.ofHours(1));
    }

    private static Scalar<String> path() {
        return matching(
                "/[!-\"$-~]*", "is not a path", "/ and what follows, with a query if need be");
    }

    private static Scalar<String> host() {
        return matching(
                "[A-Za-z0-9._:\\[\\]-]+", "is not a host", "a name, with a port if need be");
    }

    /** With a length that fits into one byte, as its message has it. */
    private static Scalar<String> service() {
        return matching("[A-Za-z0-9._]{1,100}", "is not a service", "a name like shop.v1.Cart");
    }

    private static Scalar<String> matching(String pattern, String what, String allowed) {
        return Scalars.text().where(text -> text.matches(pattern), what, allowed);
    }
}
