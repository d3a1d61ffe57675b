package dev.sluice.engine.balance;

import dev.sluice.cluster.l7.Balancing;
import dev.sluice.cluster.l7.Ejection;
import dev.sluice.cluster.l7.HealthCheck;
import dev.sluice.cluster.l7.Zones;

import java.time.Duration;

/**
 * Whether an endpoint is fit for use. Guarded by its {@link Endpoints}.
 *
 * <pre>
 *   FIT ── failures in a row ──► EJECTED ── time is up ──► FIT, slow start
 *   UNKNOWN, WELL ── fall checks ──► UNWELL ── rise checks ──► WELL, slow start
 *   AWAITED ── one good check ──► WELL, slow start
 * </pre>
 */
final class Standing {
    /** Shares are in percent of a weight, so that slow start has its steps. */
    static final int FULL = 100;

    private static final int FLOOR = 10;

    /** What checks say. */
    enum Health {
        /** Nothing yet, or there are none: taken for well. */
        UNKNOWN,
        /** Nothing yet, and it is new among others that are known. */
        AWAITED,
        WELL,
        UNWELL
    }

    int weight;
    String zone = Zones.NONE;
    private Health health = Health.UNKNOWN;

    /** Checks in a row that speak against what is thought of it. */
    private int doubts;

    private String lastProblem = "";
    private boolean ejected;
    private int timesEjected;
    private String ejectedFor = "";
    private long backNanos;
    private long goodSinceNanos;
    private boolean starting;
    private long startedNanos;

    boolean isFit() {
        return !ejected && (health == Health.UNKNOWN || health == Health.WELL);
    }

    Health health() {
        return health;
    }

    int doubts() {
        return doubts;
    }

    String lastProblem() {
        return lastProblem;
    }

    /** It takes part once it has passed a check. */
    void await() {
        health = Health.AWAITED;
    }

    /** Nobody checks it any more. */
    void forgetChecks() {
        health = Health.UNKNOWN;
        doubts = 0;
    }

    /** True if that changes what is thought of it. */
    boolean pass(HealthCheck rules, long now) {
        doubts = health == Health.UNWELL ? doubts + 1 : 0;
        boolean changes = health != Health.WELL && (doubts == 0 || doubts >= rules.rise());
        if (changes) {
            if (health != Health.UNKNOWN) {
                start(now);
            }
            health = Health.WELL;
            doubts = 0;
        }
        return changes;
    }

    /** True if that changes what is thought of it. */
    boolean fail(HealthCheck rules, String problem) {
        lastProblem = problem;
        boolean used = health == Health.UNKNOWN || health == Health.WELL;
        doubts = used ? doubts + 1 : 0;
        if (doubts < rules.fall()) {
            return false;
        }
        health = Health.UNWELL;
        doubts = 0;
        return true;
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
