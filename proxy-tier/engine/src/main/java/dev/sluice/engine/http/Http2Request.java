package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

/**
 * The pseudo-header fields of a request (RFC 9113 §8.3.1), as they came; null where one is missing.
 *
 * @param protocol what a tunnel is asked for (RFC 8441 §4)
 */
public record Http2Request(
        @Nullable String method,
        @Nullable String scheme,
        @Nullable String authority,
        @Nullable String path,
        @Nullable String protocol) {}
