package dev.sluice.engine.exchange;

import dev.sluice.cluster.config.HostPort;
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
 * @param endpoint tried last
 * @param requestBytes of the body
 * @param responseBytes of the body
 */
public record Summary(
        RequestHead head,
        Peer peer,
        int status,
        String outcome,
        Phase endedIn,
        @Nullable HostPort endpoint,
        int attempts,
        long requestBytes,
        long responseBytes,
        long durationNanos) {}
