package dev.sluice.engine.balance;

import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.Ejection;

import java.time.Duration;

/**
 * Whether an endpoint is fit for use. Guarded by its {@link Endpoints}.
 *
 * <pre>
 *   FIT ── failures in a row ──► EJECTED ── time is up ──► FIT, slow start
 * </pre>
 */
final class Standing {
    /** Shares are in percent of a weight, so that slow start has its steps. */
    static final int FULL = 100;

    private static final int FLOOR = 10;

    int weight;
    private boolean ejected;
    private int timesEjected;
    private String ejectedFor = "";
    private long backNanos;
    private long goodSinceNanos;
    private boolean starting;
    private long startedNanos;

    boolean isFit() {
        return !ejected;
    }

    boolean isEjected() {
        return ejected;
    }

    String ejectedFor() {
        return ejectedFor;
    }

    int timesEjected() {
        return timesEjected;
    }

    Duration backIn(long now) {
        return Duration.ofNanos(Math.max(0, backNanos - now));
    }

    Duration eject(Ejection rules, String why, long now) {
        ejected = true;
        timesEjected++;
        ejectedFor = why;
        Duration time = rules.timeOf(timesEjected);
        backNanos = now + time.toNanos();
        return time;
    }

    /** True if its time is up. */
    boolean returns(long now) {
        if (!ejected || now - backNanos < 0) {
            return false;
        }
        ejected = false;
        goodSinceNanos = now;
        start(now);
        return true;
    }

    /** Ends an ejection that the rules know no more. */
    void pardon() {
        ejected = false;
        timesEjected = 0;
    }

    /** Good conduct makes it forgotten. */
    void forgive(Ejection rules, long now) {
        if (!ejected && timesEjected > 0 && now - goodSinceNanos >= rules.sweep().toNanos()) {
            timesEjected--;
            goodSinceNanos = now;
        }
    }

    /** Begins a slow start. */
    void start(long now) {
        starting = true;
        startedNanos = now;
    }

    /** Ends a slow start whose time is up; true if one was going on. */
    boolean warmsUp(Balancing rules, long now) {
        boolean was = starting;
        starting = percent(rules, now) < FULL;
        return was;
    }

    /** What it is due now, in percent of its weight. */
    int percent(Balancing rules, long now) {
        long whole = rules.slowStart().toNanos();
        long passed = now - startedNanos;
        return starting && passed < whole ? Math.max(FLOOR, (int) (passed * FULL / whole)) : FULL;
    }
}
