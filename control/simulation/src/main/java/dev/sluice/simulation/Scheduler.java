package dev.sluice.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: events in the order of their times, those of one time in the order of asking. */
final class Scheduler {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
    private long nowNanos;
    private long asked;

    private record Event(long atNanos, long number, Runnable action) {}

    long nowNanos() {
        return nowNanos;
    }

    void after(long delayNanos, Runnable action) {
        at(nowNanos + delayNanos, action);
    }

    void at(long atNanos, Runnable action) {
        events.add(new Event(Math.max(atNanos, nowNanos), asked++, action));
    }

    /** Runs everything that is due by then. */
    void runUntil(long untilNanos) {
        while (!events.isEmpty() && events.element().atNanos() <= untilNanos) {
            Event event = events.remove();
            nowNanos = event.atNanos();
            event.action().run();
        }
        nowNanos = untilNanos;
    }

    /** How many events ran or wait: the size of a run. */
    long asked() {
        return asked;
    }
}
