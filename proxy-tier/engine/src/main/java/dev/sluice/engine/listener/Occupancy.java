package dev.sluice.engine.listener;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many connections a listener has, and how many it turned away. Thread-safe. */
public final class Occupancy {
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    /** False, and counted, if there are so many already; each true needs a {@link #leave()}. */
    boolean enter(int most) {
        if (open.incrementAndGet() <= most) {
            return true;
        }
        open.decrementAndGet();
        refused.increment();
        return false;
    }

    void leave() {
        open.decrementAndGet();
    }

    public long refused() {
        return refused.sum();
    }
}
