package dev.sluice.engine.stream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Peer;

import org.jspecify.annotations.Nullable;

/**
 * A stream that is over.
 *
 * @param upstream null if the client's name leads to none
 * @param endpoint connected, or tried last
 * @param requestBytes from the client to the server
 * @param responseBytes from the server to the client
 */
public record StreamSummary(
        String listener,
        Peer peer,
        @Nullable String upstream,
        @Nullable HostPort endpoint,
        StreamEnd end,
        long requestBytes,
        long responseBytes,
        long durationNanos) {}
