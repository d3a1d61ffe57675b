package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Phase;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

/**
 * A request that is over.
 *
 * @param status that the client got, or would have
 * @param outcome {@code ok}, or a failure's reason
 * @param endedIn the phase it was in: {@link Phase#RESPOND} or {@link Phase#TUNNEL} when all went
 *     well
 * @param route that it took; null for none
 * @param upstream that it was for; null for none
 * @param endpoint tried last
 * @param hedge what became of an attempt beside the first one; null if there was none
 * @param requestBytes of the body
 * @param responseBytes of the body
 * @param trace that it was part of at its server, as far as there is a log to say so
 */
public record Summary(
        RequestHead head,
        Peer peer,
        int status,
        String outcome,
        Phase endedIn,
        @Nullable Route route,
        @Nullable String upstream,
        @Nullable HostPort endpoint,
        int attempts,
        @Nullable HedgeResult hedge,
        long requestBytes,
        long responseBytes,
        Timings timings,
        @Nullable String trace) {}
