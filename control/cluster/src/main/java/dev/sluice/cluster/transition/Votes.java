package dev.sluice.cluster.transition;

import java.util.List;
import java.util.Map;

/**
 * What the directors say of one proxy. A director without a session has no vote, yet counts among
 * those of whom more than half are asked for; a withdrawn one is left out.
 *
 * @param against ids of those that cannot reach it
 * @param present how many have a vote
 * @param directors how many there are
 */
record Votes(String proxy, List<String> against, int present, int directors) {
    static Votes on(String proxy, Facts facts) {
        var counted =
                facts.directors().entrySet().stream()
                        .filter(d -> !d.getValue().withdrawn())
                        .toList();
        var present = counted.stream().filter(d -> d.getValue().present()).toList();
        List<String> against =
                present.stream()
                        .filter(d -> d.getValue().unreachable().contains(proxy))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
        return new Votes(proxy, against, present.size(), counted.size());
    }

    boolean mostlyUnreachable() {
        return 2 * against.size() > directors;
    }

    boolean mostlyReachable() {
        return 2 * (present - against.size()) > directors;
    }

    @Override
    public String toString() {
        return against.size() + " of " + directors + " directors cannot reach " + proxy;
    }
}
