package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Broken;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;
import dev.sluice.lab.traffic.FailureKind;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What arrives is what was sent, whatever was hurt: no fault excuses a wrong byte. */
record Answers() implements Checker {
    @Override
    public String promise() {
        return "no answer was wrong or somebody else's";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        Stream<Violation> pins =
                History.all(events, Pin.class).stream()
                        .filter(pin -> isWrong(pin.broken()))
                        .map(pin ->
                                new Violation(
                                        pin.endMs(),
                                        "%s %d by %s and %s: %s"
                                                .formatted(
                                                        pin.kind(),
                                                        pin.number(),
                                                        pin.proxy(),
                                                        pin.upstream(),
                                                        message(pin.broken()))));
        Stream<Violation> requests =
                History.all(events, Request.class).stream()
                        .filter(request -> isWrong(request.failure()))
                        .map(request ->
                                new Violation(
                                        request.endMs(),
                                        "%s by %s and %s: %s"
                                                .formatted(
                                                        request.id(),
                                                        request.proxy(),
                                                        request.upstream(),
                                                        message(request.failure()))));
        return Stream.concat(pins, requests).toList();
    }

    private static boolean isWrong(Optional<Broken> broken) {
        return broken.filter(b -> b.kind() == FailureKind.WRONG_BODY).isPresent();
    }

    private static String message(Optional<Broken> broken) {
        return broken.map(Broken::message).orElse("");
    }

    @Override
    public String seen(List<Event> events) {
        long units = History.all(events, Pin.class).stream().mapToLong(Pin::units).sum();
        return "%,d answers, and %,d records and bytes of pinned connections"
                .formatted(History.all(events, Request.class).size(), units);
    }
}
