package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;
import dev.sluice.cluster.l7.route.RequestKey;

import java.time.Duration;
import java.util.Optional;

/**
 * How requests are spread over the endpoints of an upstream.
 *
 * @param slowStart in which an endpoint that comes, or comes back, is brought up to its weight;
 *     zero for at once
 * @param panicPercent if fewer of the endpoints are fit for use than that, all are used; 0 for
 *     never
 * @param hashBy whose requests go to the same endpoint, with {@link Method#RING_HASH}
 */
public record Balancing(Method method, Duration slowStart, int panicPercent, RequestKey hashBy) {

    /** How an endpoint is chosen, always in proportion to the weights. */
    public enum Method {
        /** Of two that are drawn, the one with fewer requests on their way. */
        LEAST_REQUEST,
        /** Of three that are drawn, the one with less work by its latencies. */
        PEAK_EWMA,
        /** One after the other. */
        ROUND_ROBIN,
        /** By a hash of what {@code hashBy} names, as long as no endpoint has far too many. */
        RING_HASH
    }

    static Balancing read(Section section) {
        Method method =
                section.optional("balance", Scalars.oneOf(Method.class), Method.LEAST_REQUEST);
        if (section.has("hashBy") && method != Method.RING_HASH) {
            section.problem(
                    "hashBy",
                    "is of no use with this balance",
                    "",
                    "add balance: ring-hash, or leave hashBy out");
        }
        return new Balancing(
                method,
                section.optional(
                        "slowStart",
                        Scalars.duration(Duration.ZERO, Duration.ofHours(1)),
                        Duration.ofSeconds(10)),
                section.optional("panic", Scalars.integer(0, 100), 50),
                section.optional("hashBy", RequestKey.scalar("client"), Optional.empty())
                        .orElse(new RequestKey.Client()));
    }
}
