package dev.sluice.engine.capture;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** The last messages that were not valid; older ones make room. Thread-safe. */
public final class Captures {
    /** How many are kept. */
    public static final int MOST = 64;

    private final InstantSource clock;
    private final LongAdder requests = new LongAdder();
    private final LongAdder responses = new LongAdder();

    /** Guarded by itself, for no longer than a reference takes. */
    private final Deque<Kept> last = new ArrayDeque<>(MOST);

    /** One of them, and when it came: milliseconds since 1970. */
    public record Kept(long unixMs, Capture capture) {}

    public Captures(InstantSource clock) {
        this.clock = clock;
    }

    public void add(Capture capture) {
        (capture.side() == Capture.Side.REQUEST ? requests : responses).increment();
        Kept kept = new Kept(clock.millis(), capture);
        synchronized (last) {
            if (last.size() == MOST) {
                last.removeFirst();
            }
            last.addLast(kept);
        }
    }

    /** The oldest first. */
    public List<Kept> last() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    /** How many there were. */
    public long count(Capture.Side side) {
        return (side == Capture.Side.REQUEST ? requests : responses).sum();
    }
}
