package dev.sluice.engine.route;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;

import org.jspecify.annotations.Nullable;

/** Lets as many requests of a route through as it is to take. Thread-safe. */
public final class RateGate {
    private final RateLimiter limiter;
    private final SipHash.Key secret;

    /** Null if all requests share one bucket. */
    private final @Nullable KeyReader keys;

    RateGate(RateLimiter limiter, SipHash.Key secret, @Nullable KeyReader keys) {
        this.limiter = limiter;
        this.secret = secret;
        this.keys = keys;
    }

    /** Takes a token: 0, or in how many nanoseconds there will be one. */
    public long waitNanos(RequestHead head, Peer peer, long nowNanos) {
        long key = keys == null ? 0 : SipHash.hash(secret, keys.read(head, peer));
        return limiter.take(key, nowNanos);
    }
}
