package dev.sluice.engine.overload;

import java.util.Arrays;

/**
 * How late an event loop is, told from its last beats: the least of them counts, so that a pause of
 * the collector or a burst, which the next beats no longer feel, is no overload (the idea of CoDel,
 * RFC 8289 §3). Confined to the loop.
 */
final class Lag {
    /** As many beats in a row must be late. */
    static final int BEATS = 8;

    private final long[] last = new long[BEATS];
    private int next;

    /**
     * Takes a beat in.
     *
     * @return how late the loop is
     */
    long beat(long lateNanos) {
        last[next] = Math.max(0, lateNanos);
        next = (next + 1) % BEATS;
        return Arrays.stream(last).min().orElse(0);
    }
}
