package dev.sluice.engine.codec;

import dev.sluice.engine.http.Slowness;

import org.jspecify.annotations.Nullable;

/** What came of looking whether something still moves: what is too slow, or when to look again. */
final class Look {
    private long leftNanos = Long.MAX_VALUE;
    private @Nullable Slowness slow;

    void begin() {
        leftNanos = Long.MAX_VALUE;
        slow = null;
    }

    /** Something has so long to move; 0 or less: it had. */
    void note(long nanos, Slowness otherwise) {
        leftNanos = Math.min(leftNanos, nanos);
        if (nanos <= 0 && slow == null) {
            slow = otherwise;
        }
    }

    long leftNanos() {
        return leftNanos;
    }

    @Nullable Slowness slow() {
        return slow;
    }
}
