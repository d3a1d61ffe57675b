package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;

import java.util.List;

/** One promise, and how a history breaks it. Pure. */
public interface Checker {
    /** In words, as it reads when it was kept. */
    String promise();

    /**
     * Every place where the promise was broken; empty if it was kept.
     *
     * @param events all of them, in the order of their beginning
     */
    List<Violation> check(List<Event> events);

    /** There is something to judge. */
    default boolean applies(List<Event> events) {
        return true;
    }

    /** What was looked at, with figures: a promise about nothing is none. */
    String seen(List<Event> events);

    /**
     * @param atMs since the history began
     * @param text what was seen, with names and figures
     */
    record Violation(long atMs, String text) {}
}
