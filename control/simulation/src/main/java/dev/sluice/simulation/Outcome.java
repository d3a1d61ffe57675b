package dev.sluice.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run came to.
 *
 * @param violation the first one, which ended the run; empty = every promise was kept
 * @param trace what happened, oldest first; empty unless it was asked for
 * @param counts what was exercised, by name
 */
public record Outcome(
        long seed, Optional<Violation> violation, List<String> trace, Map<String, Long> counts) {
    public Outcome {
        trace = List.copyOf(trace);
        counts = Map.copyOf(counts);
    }

    public boolean isGood() {
        return violation.isEmpty();
    }
}
