package dev.sluice.proxy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Requests of very different cost, and when each is made, whatever became of those before it: many
 * checks, some pages, few exports. The same seed makes the same script.
 */
record Script(List<Step> steps) {
    private static final double CHECKS = 0.90;
    private static final double PAGES = 0.09;
    private static final int CHECK_MILLIS = 10;
    private static final int PAGE_MILLIS = 50;
    private static final int EXPORT_MILLIS = 1_000;

    /**
     * A request.
     *
     * @param atNanos since the script began
     * @param millis that a server works for it
     */
    record Step(long atNanos, int millis) {}

    Script {
        steps = List.copyOf(steps);
    }

    /**
     * At random times.
     *
     * @param load work that comes in each second, in seconds of one server's place
     */
    static Script of(int requests, double load, long seed) {
        Random random = new Random(seed);
        double meanGapNanos = meanMillis() * 1e6 / load;
        List<Step> steps = new ArrayList<>(requests);
        double atNanos = 0;
        for (int i = 0; i < requests; i++) {
            atNanos += -Math.log(1 - random.nextDouble()) * meanGapNanos;
            steps.add(new Step((long) atNanos, millis(random.nextDouble())));
        }
        return new Script(steps);
    }

    private static int millis(double draw) {
        if (draw < CHECKS) {
            return CHECK_MILLIS;
        }
        return draw < CHECKS + PAGES ? PAGE_MILLIS : EXPORT_MILLIS;
    }

    private static double meanMillis() {
        return CHECKS * CHECK_MILLIS + PAGES * PAGE_MILLIS + (1 - CHECKS - PAGES) * EXPORT_MILLIS;
    }
}
