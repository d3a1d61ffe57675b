package dev.sluice.engine.balance;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * What is known of how long an endpoint takes: a moving average that follows a peak at once and
 * forgets it over ten seconds, and the age of what it has not finished yet. Thread-safe: a few
 * nanoseconds under its own lock. Units: nanoseconds of one clock.
 *
 * <p>Work is heavy-tailed: what has gone on for long will most likely go on for long. So each open
 * request counts by its age, up to what the average itself remembers.
 */
final class Latency {
    static final long DECAY_NANOS = 10_000_000_000L;

    /** What is thought of an endpoint that never answered. */
    static final long FIRST_GUESS_NANOS = 30_000_000L;

    /** For one that never answered and was asked: it may be the one that never will. */
    private static final double PENALTY = 1e15;

    @GuardedBy("this")
    private double average = FIRST_GUESS_NANOS;

    @GuardedBy("this")
    private boolean known;

    @GuardedBy("this")
    private long stamp;

    @GuardedBy("this")
    private int open;

    /** Wraps around, and so does what it is subtracted from. */
    @GuardedBy("this")
    private long beginnings;

    Latency(long nowNanos) {
        stamp = nowNanos;
    }

    synchronized void begin(long now) {
        open++;
        beginnings += now;
    }

    synchronized void end(long began) {
        open--;
        beginnings -= began;
    }

    synchronized void observe(long nanos, long now) {
        if (!known || nanos > averageAt(now)) {
            average = nanos;
        } else {
            double kept = keptAt(now);
            average = nanos * (1 - kept) + average * kept;
        }
        known = true;
        stamp = now;
    }

    /** Of a request that was given up before its answer came: its time is a lower bound. */
    synchronized void observeAtLeast(long nanos, long now) {
        if (nanos > averageAt(now)) {
            average = nanos;
            known = true;
            stamp = now;
        }
    }

    /** The work that one more request would find, itself included. */
    synchronized double work(long now) {
        if (!known && open > 0) {
            return PENALTY + open;
        }
        double ages = Math.min((double) (open * now - beginnings), (double) open * DECAY_NANOS);
        return averageAt(now) * (open + 1) + Math.max(ages, 0);
    }

    /** 0 if nothing was answered yet. */
    synchronized long averageNanos(long now) {
        return known ? (long) averageAt(now) : 0;
    }

    /**
     * Fades while nothing is heard, the first guess too: or one that was slow once, or never asked,
     * would never be asked again.
     */
    @GuardedBy("this")
    private double averageAt(long now) {
        return average * keptAt(now);
    }

    @GuardedBy("this")
    private double keptAt(long now) {
        return Math.exp(-(double) Math.max(now - stamp, 0) / DECAY_NANOS);
    }
}
