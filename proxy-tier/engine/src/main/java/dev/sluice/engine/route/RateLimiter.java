package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.RateLimit;

import org.jspecify.annotations.Nullable;

import java.io.Serial;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Token buckets by key, as many as are allowed. A bucket is one number, the time at which it is
 * full again (the generic cell rate algorithm of ATM Forum 95-0013), so that one that is full can
 * be forgotten without anybody noticing. Keys have eight places that they may be in; where all are
 * taken the fullest bucket goes. Thread-safe, without locks.
 */
final class RateLimiter {
    private static final int WAYS = 8;

    private final long tokenNanos;

    /** How far the time of a bucket may lie ahead for it to have a token. */
    private final long toleranceNanos;

    private final AtomicReferenceArray<@Nullable Bucket> places;
    private final int sets;

    /** The time at which it is full. */
    private static final class Bucket extends AtomicLong {
        @Serial private static final long serialVersionUID = 1;
        private final long key;

        Bucket(long key, long fullNanos) {
            super(fullNanos);
            this.key = key;
        }
    }

    /**
     * Makes one with full buckets.
     *
     * @param buckets at most, rounded up to what a power of two holds
     */
    RateLimiter(RateLimit limit, int buckets) {
        tokenNanos = limit.tokenNanos();
        toleranceNanos = (limit.burst() - 1) * tokenNanos;
        sets = Integer.highestOneBit(Math.max(1, (buckets + WAYS - 1) / WAYS * 2 - 1));
        places = new AtomicReferenceArray<>(sets * WAYS);
    }

    /**
     * Takes a token.
     *
     * @param key a hash without collisions to speak of
     * @return 0, or in how many nanoseconds there will be one
     */
    long take(long key, long nowNanos) {
        Bucket bucket = bucket(key, nowNanos);
        while (true) {
            long full = bucket.get();
            long aheadNanos = Math.max(0, full - nowNanos);
            if (aheadNanos > toleranceNanos) {
                return aheadNanos - toleranceNanos;
            }
            if (bucket.compareAndSet(full, nowNanos + aheadNanos + tokenNanos)) {
                return 0;
            }
        }
    }

    private Bucket bucket(long key, long nowNanos) {
        int first = (int) (key & (sets - 1)) * WAYS;
        while (true) {
            int fullest = first;
            long least = Long.MAX_VALUE;
            for (int at = first; at < first + WAYS; at++) {
                Bucket bucket = places.get(at);
                if (bucket != null && bucket.key == key) {
                    return bucket;
                }
                long ahead = bucket == null ? Long.MIN_VALUE : bucket.get() - nowNanos;
                if (ahead < least) {
                    least = ahead;
                    fullest = at;
                }
            }
            Bucket replaced = places.get(fullest);
            Bucket made = new Bucket(key, nowNanos);
            boolean taken = replaced != null && replaced.key == key;
            if (!taken && places.compareAndSet(fullest, replaced, made)) {
                return made;
            }
        }
    }

    /** How many buckets there are room for. */
    int places() {
        return places.length();
    }
}
