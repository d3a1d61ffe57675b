package dev.sluice.cluster.l7.route;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A tree of values. Finds those on the way to a place and those below it without a look at the
 * others.
 */
final class Branches<V> {
    private final Supplier<V> maker;
    private final Map<String, Branches<V>> below = new HashMap<>();

    /** Of this place alone. */
    private final V here;

    /** Of this place and all below it. */
    private final V within;

    /**
     * Makes an empty one.
     *
     * @param maker of empty values
     */
    Branches(Supplier<V> maker) {
        this.maker = maker;
        here = maker.get();
        within = maker.get();
    }

    /** Hands out every value that has to know of something at the end of the way. */
    void add(List<String> way, Consumer<V> into) {
        Branches<V> at = this;
        into.accept(at.within);
        for (String step : way) {
            at = at.below.computeIfAbsent(step, _ -> new Branches<>(maker));
            into.accept(at.within);
        }
        into.accept(at.here);
    }

    /** Hands out the values that know of all on the way, at its end and below that. */
    void around(List<String> way, Consumer<V> each) {
        Branches<V> at = this;
        for (String step : way) {
            each.accept(at.here);
            Branches<V> next = at.below.get(step);
            if (next == null) {
                return;
            }
            at = next;
        }
        each.accept(at.within);
    }
}
