package dev.sluice.control;

import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Plan;

import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;

/** What changes would do. Looks only; any thread. */
final class Plans {
    private final Observer observer;
    private final InstantSource clock;

    Plans(Observer observer, InstantSource clock) {
        this.observer = observer;
        this.clock = clock;
    }

    /**
     * By pool.
     *
     * @param pool empty = every pool in which the change does something
     */
    Answer<SortedMap<String, Plan>> of(Change change, String pool) {
        ClusterView view = observer.view();
        return switch (Scope.of(view, change, pool)) {
            case Answer.Refused<SortedMap<String, Change>> refused -> refused.as();
            case Answer.Done<SortedMap<String, Change>>(SortedMap<String, Change> changes) -> {
                TreeMap<String, Plan> plans = new TreeMap<>();
                changes.forEach((name, one) -> plans.put(name, plan(view, name, one)));
                yield new Answer.Done<>(plans);
            }
        };
    }

    private Plan plan(ClusterView view, String pool, Change change) {
        ClusterView.Versioned known = view.pools().get(pool);
        if (known == null) {
            throw new IllegalArgumentException("no pool " + pool);
        }
        return Plan.of(known.state(), view.facts(known.state()), change, clock.millis());
    }
}
