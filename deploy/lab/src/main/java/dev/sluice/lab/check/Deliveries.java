package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Delivery;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A POST reaches an upstream server once, and one that was answered did reach it. */
record Deliveries() implements Checker {
    @Override
    public String promise() {
        return "no POST reached an upstream server twice, and every answered one did once";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        Map<String, List<Delivery>> byId =
                posts(events)
                        .collect(
                                Collectors.groupingBy(
                                        Delivery::id, TreeMap::new, Collectors.toList()));
        Stream<Violation> twice =
                byId.values().stream()
                        .filter(deliveries -> deliveries.size() > 1)
                        .map(deliveries ->
                                new Violation(deliveries.getFirst().atMs(), twice(deliveries)));
        Set<String> delivered = byId.keySet();
        Stream<Violation> never =
                History.all(events, Request.class).stream()
                        .filter(request -> !request.isIdempotent() && request.failure().isEmpty())
                        .filter(request -> !delivered.contains(request.id()))
                        .map(request ->
                                new Violation(
                                        request.endMs(),
                                        request.id()
                                                + " was answered, and no server wrote it down"));
        return Stream.concat(twice, never).toList();
    }

    private static Stream<Delivery> posts(List<Event> events) {
        return History.all(events, Delivery.class).stream().filter(d -> d.method().equals("POST"));
    }

    private static String twice(List<Delivery> deliveries) {
        return deliveries.getFirst().id()
                + " reached "
                + deliveries.stream().map(Delivery::upstream).collect(Collectors.joining(" and "));
    }

    @Override
    public String seen(List<Event> events) {
        return posts(events).count() + " POSTs arrived";
    }
}
