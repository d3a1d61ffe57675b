package dev.sluice.engine.upstream;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts the copies of requests that an upstream gets, or was to get. Thread-safe. */
public final class Copies {
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Result, LongAdder> ended = new EnumMap<>(Result.class);

    /** What became of a copy. */
    public enum Result {
        /** It was answered, whatever the answer was. */
        ANSWERED,
        /** No endpoint could be had, or the one that was had did not answer to the end in time. */
        FAILED,
        /** Dropped: too many were on their way. */
        BUSY,
        /** Dropped: its body was larger than the bound. */
        TOO_LARGE,
        /** Dropped: the request itself came to an end before its body did. */
        INCOMPLETE
    }

    Copies() {
        for (Result result : Result.values()) {
            ended.put(result, new LongAdder());
        }
    }

    /** False if so many are there already; each true needs an {@link #end}. */
    public boolean begin(int most) {
        if (open.incrementAndGet() <= most) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    public void end(Result result) {
        open.decrementAndGet();
        count(result);
    }

    /** Of one that did not begin. */
    public void count(Result result) {
        Objects.requireNonNull(ended.get(result)).increment();
    }

    /** Every result is there. */
    Map<Result, Long> read() {
        Map<Result, Long> counts = new EnumMap<>(Result.class);
        ended.forEach((result, count) -> counts.put(result, count.sum()));
        return counts;
    }
}
