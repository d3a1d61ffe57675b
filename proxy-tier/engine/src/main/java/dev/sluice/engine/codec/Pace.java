package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;

import java.util.concurrent.TimeUnit;

/**
 * Whether what is waited for comes at a minimum rate, window by window: only those count in which
 * it was waited for from one end to the other. Confined to an event loop.
 */
final class Pace {
    private final long windowNanos;
    private final long windowBytes;
    private final boolean mayStandStill;
    private boolean waited;
    private long sinceNanos;
    private long sinceBytes;

    /**
     * For one direction.
     *
     * @param rate bytes per second; 0 for any
     * @param mayStandStill whether a window in which nothing moves at all does not count
     */
    Pace(long rate, long windowNanos, boolean mayStandStill) {
        this.windowNanos = windowNanos;
        this.mayStandStill = mayStandStill;
        windowBytes = rate * TimeUnit.NANOSECONDS.toMillis(windowNanos) / 1_000;
    }

    static Pace ofRequest(Listener.Rates rates) {
        return new Pace(rates.requestBytes(), rates.windowNanos(), false);
    }

    /**
     * A reader may seem to stand still while it reads: a kernel whose buffer was full says so again
     * only when a good part of it is free, a sixteenth in Linux, and an HTTP/2 client when half of
     * its window is. Both are megabytes, and many seconds of a mobile network. Whoever does stand
     * still meets {@code timeouts.body}.
     */
    static Pace ofResponse(Listener.Rates rates) {
        return new Pace(rates.responseBytes(), rates.windowNanos(), true);
    }

    /** For who may take his time. */
    static Pace any() {
        return new Pace(0, Long.MAX_VALUE, false);
    }

    /** There was nothing to wait for, for a while. */
    void interrupt() {
        waited = false;
    }

    /**
     * The time left until the window ends; 0 or less if it ended with too little.
     *
     * @param movedBytes so far, ever
     * @param waiting whether there is something to wait for just now
     */
    long left(long now, long movedBytes, boolean waiting) {
        if (windowBytes == 0) {
            return Long.MAX_VALUE;
        }
        if (!waiting || !waited) {
            return begin(now, movedBytes, waiting);
        }
        long left = windowNanos - (now - sinceNanos);
        if (left > 0) {
            return left;
        }
        long moved = movedBytes - sinceBytes;
        boolean counts = moved > 0 || !mayStandStill;
        return counts && moved < windowBytes ? 0 : begin(now, movedBytes, true);
    }

    private long begin(long now, long movedBytes, boolean waiting) {
        waited = waiting;
        sinceNanos = now;
        sinceBytes = movedBytes;
        return windowNanos;
    }
}
