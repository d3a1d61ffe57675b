package dev.sluice.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** What happened, for people. Lines are made only when somebody wants them. */
final class Trace {
    private static final int KEPT = 20_000;

    private final boolean wanted;
    private final Scheduler scheduler;
    private final Deque<String> lines = new ArrayDeque<>();

    Trace(boolean wanted, Scheduler scheduler) {
        this.wanted = wanted;
        this.scheduler = scheduler;
    }

    void say(Supplier<String> line) {
        if (!wanted) {
            return;
        }
        lines.add(Nanos.text(scheduler.nowNanos()) + "  " + line.get());
        if (lines.size() > KEPT) {
            lines.remove();
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
