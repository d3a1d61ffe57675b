package dev.sluice.engine.codec;

import dev.sluice.engine.http.Flood;

import java.util.EnumMap;
import java.util.concurrent.TimeUnit;

/** Counts what the other side of a connection sends for nothing. Confined to its event loop. */
final class FloodGuard {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);
    private final int resets;
    private final EnumMap<Flood, int[]> counts = new EnumMap<>(Flood.class);
    private long windowNanos;

    /**
     * Makes a guard.
     *
     * @param resets in thirty seconds, asked for or forced
     */
    FloodGuard(int resets, long nowNanos) {
        this.resets = resets;
        windowNanos = nowNanos;
    }

    private int limit(Flood kind) {
        return switch (kind) {
            case RESETS, FORCED_RESETS -> resets;
            case CONTINUATIONS -> 32;
            case SETTINGS, EMPTY_DATA -> 100;
            case PINGS, PRIORITIES, UNKNOWN_FRAMES -> 1_000;
            case WINDOW_UPDATES -> 10_000;
            // Is measured in bytes.
            case UNREAD_REPLIES -> 0;
        };
    }

    /** True if it is one too many. */
    boolean exceeds(Flood kind, long nowNanos) {
        if (nowNanos - windowNanos > WINDOW_NANOS) {
            windowNanos = nowNanos;
            counts.clear();
        }
        int[] count = counts.computeIfAbsent(kind, _ -> new int[1]);
        return ++count[0] > limit(kind);
    }

    void forget(Flood kind) {
        int[] count = counts.get(kind);
        if (count != null) {
            count[0] = 0;
        }
    }

    /** Something was sent that was asked for: whoever works needs control frames as well. */
    void onWork() {
        forget(Flood.PINGS);
        forget(Flood.PRIORITIES);
        forget(Flood.WINDOW_UPDATES);
        forget(Flood.UNKNOWN_FRAMES);
    }
}
