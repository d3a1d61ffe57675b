package dev.sluice.engine.log;

import java.util.concurrent.atomic.LongAdder;

/** How often how long. Thread-safe; never blocks. */
public final class Latencies {
    private static final long MILLI = 1_000_000;

    /** Upper bounds, inclusive. */
    private static final long[] BOUNDS_NANOS = {
        MILLI,
        5 * MILLI / 2,
        5 * MILLI,
        10 * MILLI,
        25 * MILLI,
        50 * MILLI,
        100 * MILLI,
        250 * MILLI,
        500 * MILLI,
        1_000 * MILLI,
        2_500 * MILLI,
        5_000 * MILLI,
        10_000 * MILLI,
    };

    private final LongAdder[] counts = new LongAdder[BOUNDS_NANOS.length + 1];
    private final LongAdder sumNanos = new LongAdder();

    Latencies() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    void add(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        sumNanos.add(nanos);
    }

    /**
     * What was counted so far.
     *
     * @param bounds upper ones, in seconds
     * @param counts one for each bound, and one beyond all
     */
    public record Reading(double[] bounds, long[] counts, double sumSeconds) {
        public long count() {
            long all = 0;
            for (long count : counts) {
                all += count;
            }
            return all;
        }
    }

    Reading read() {
        double[] bounds = new double[BOUNDS_NANOS.length];
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = BOUNDS_NANOS[i] / 1e9;
        }
        return new Reading(bounds, now, sumNanos.sum() / 1e9);
    }
}
