package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Change;
import dev.sluice.lab.history.Event.Convergence;
import dev.sluice.lab.history.History;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** After the last fault everybody is at work again, and every change was made. */
record Recovery() implements Checker {
    @Override
    public String promise() {
        return "the cluster became whole again, and made every change it was asked for";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        List<Convergence> convergences = History.all(events, Convergence.class);
        if (convergences.isEmpty()) {
            return List.of(new Violation(0, "nobody waited for the cluster to become whole"));
        }
        Stream<Violation> broken =
                convergences.stream()
                        .filter(c -> !c.whole())
                        .map(c ->
                                new Violation(
                                        c.atMs(),
                                        "after %d s: %s"
                                                .formatted(
                                                        (c.endMs() - c.atMs()) / 1000, c.seen())));
        Stream<Violation> refused =
                History.all(events, Change.class).stream()
                        .filter(change -> !change.refusal().isEmpty())
                        .map(change ->
                                new Violation(
                                        change.atMs(),
                                        "%s was refused for %d s: %s"
                                                .formatted(
                                                        change.what(),
                                                        (change.endMs() - change.atMs()) / 1000,
                                                        change.refusal())));
        return Stream.concat(broken, refused).toList();
    }

    @Override
    public String seen(List<Event> events) {
        return "whole after "
                + History.all(events, Convergence.class).stream()
                        .map(c -> "%.1f s".formatted((c.endMs() - c.atMs()) / 1000.0))
                        .collect(Collectors.joining(", "))
                + "; "
                + History.all(events, Change.class).size()
                + " changes";
    }
}
