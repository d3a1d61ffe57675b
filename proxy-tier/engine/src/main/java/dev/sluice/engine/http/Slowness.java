package dev.sluice.engine.http;

import java.util.Locale;

/** What a client took too long for. */
public enum Slowness {
    /** A connection's first request, or the end of a head. */
    HEAD,
    /** Not a byte of a body came for too long. */
    REQUEST_STOPPED,
    /** A body came, but at less than the minimum rate. */
    REQUEST_RATE,
    /** Not a byte of a response was taken for too long. */
    RESPONSE_STOPPED,
    /** A response was taken, but at less than the minimum rate. */
    RESPONSE_RATE,
    TUNNEL_STOPPED;

    /** A stable name for metrics. */
    public String reason() {
        return name().toLowerCase(Locale.ROOT);
    }
}
