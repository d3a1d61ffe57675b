package dev.sluice.engine.route;

import dev.sluice.cluster.hash.SipHash;
import dev.sluice.cluster.l7.route.Match;
import dev.sluice.cluster.l7.route.RateLimit;
import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Forwarding;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;

/**
 * The gates of a configuration's routes. A route that stays, with the same limit, goes on with the
 * buckets that it had: a change of something else gives nobody new tokens.
 */
public final class RateGates {
    /** Clients must not be able to choose which bucket they push out. */
    private static final SipHash.Key SECRET = SipHash.Key.of(new SecureRandom().generateSeed(16));

    private final Map<Place, RateLimiter> before;
    private final Map<Place, RateLimiter> now = new HashMap<>();

    private record Place(Match match, RateLimit limit) {}

    private RateGates(Map<Place, RateLimiter> before) {
        this.before = before;
    }

    public static RateGates first() {
        return new RateGates(Map.of());
    }

    /** Those of the next configuration. */
    public RateGates next() {
        return new RateGates(now);
    }

    /** The gate of a route, or null if it takes any number. */
    public @Nullable RateGate of(Route route, Forwarding forwarding) {
        return route.rateLimit().map(limit -> gate(route.match(), limit, forwarding)).orElse(null);
    }

    private RateGate gate(Match match, RateLimit limit, Forwarding forwarding) {
        Place place = new Place(match, limit);
        int buckets = limit.by().isPresent() ? limit.buckets() : 1;
        RateLimiter kept = before.get(place);
        RateLimiter limiter =
                now.computeIfAbsent(
                        place, _ -> kept == null ? new RateLimiter(limit, buckets) : kept);
        KeyReader keys = limit.by().map(key -> new KeyReader(key, forwarding)).orElse(null);
        return new RateGate(limiter, SECRET, keys);
    }
}
