package dev.sluice.simulation;

/** Spans of virtual time. */
final class Nanos {
    static final long MICRO = 1_000L;
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;

    private Nanos() {}

    static long millis(long millis) {
        return millis * MILLI;
    }

    static long seconds(long seconds) {
        return seconds * SECOND;
    }

    /** For people: {@code 12.345678}. */
    static String text(long nanos) {
        long micros = nanos / MICRO;
        String fraction = Long.toString(1_000_000 + micros % 1_000_000).substring(1);
        return micros / 1_000_000 + "." + fraction;
    }
}
