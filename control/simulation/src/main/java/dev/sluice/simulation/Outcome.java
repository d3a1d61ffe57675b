package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec.Wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run came to.
 *
 * @param wire of the pool
 * @param off guards that were switched off
 * @param only numbers of the faults and commands that happened; empty = all that the seed has
 * @param violation the first one, which ended the run; empty = every promise was kept
 * @param trace what happened, oldest first; empty unless it was asked for
 * @param counts what was exercised, by name
 */
public record Outcome(
        long seed,
        Wire wire,
        Set<Guard> off,
        Optional<List<Integer>> only,
        Optional<Violation> violation,
        List<String> trace,
        SortedMap<String, Long> counts) {
    public Outcome {
        EnumSet<Guard> guards = EnumSet.noneOf(Guard.class);
        guards.addAll(off);
        off = Collections.unmodifiableSet(guards);
        only = only.map(List::copyOf);
        trace = List.copyOf(trace);
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    public boolean isGood() {
        return violation.isEmpty();
    }
}
