package dev.sluice.simulation;

import dev.sluice.simulation.Violation.Invariant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the few faults and commands of a seed that break the promise: leaves out ever less. */
final class Minimiser {
    private Minimiser() {}

    static Outcome minimise(Outcome bad, boolean traced) {
        Violation violation =
                bad.violation().orElseThrow(() -> new IllegalArgumentException("nothing broke"));
        List<Integer> needed = before(bad, violation);
        for (int chunk = Math.max(1, needed.size() / 2); ; chunk /= 2) {
            needed = without(bad, violation.invariant(), needed, chunk);
            if (chunk == 1) {
                return Simulation.run(bad.seed(), bad.wire(), bad.off(), needed, traced);
            }
        }
    }

    /** What happened later cannot be needed. */
    private static List<Integer> before(Outcome bad, Violation violation) {
        Optional<List<Integer>> only = bad.only();
        return Scenario.of(bad.seed(), bad.wire()).incidents().stream()
                .filter(i -> i.atNanos() <= violation.atNanos())
                .map(Incident::number)
                .filter(number -> only.isEmpty() || only.get().contains(number))
                .toList();
    }

    private static List<Integer> without(
            Outcome bad, Invariant invariant, List<Integer> needed, int chunk) {
        List<Integer> kept = needed;
        int from = 0;
        while (from < kept.size()) {
            List<Integer> fewer = new ArrayList<>(kept);
            fewer.subList(from, Math.min(kept.size(), from + chunk)).clear();
            if (breaks(bad, invariant, fewer)) {
                kept = fewer;
            } else {
                from += chunk;
            }
        }
        return kept;
    }

    private static boolean breaks(Outcome bad, Invariant invariant, List<Integer> incidents) {
        return Simulation.run(bad.seed(), bad.wire(), bad.off(), incidents, false)
                .violation()
                .filter(v -> v.invariant() == invariant)
                .isPresent();
    }
}
