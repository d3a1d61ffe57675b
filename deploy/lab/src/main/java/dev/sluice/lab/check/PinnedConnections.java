package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Broken;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.History;

import java.util.List;

/** A pinned connection breaks only with its own proxy or upstream server. */
record PinnedConnections() implements Checker {
    @Override
    public String promise() {
        return "no pinned connection broke but those of a node that was hurt";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        Excuses excuses = Excuses.of(events);
        return History.all(events, Pin.class).stream()
                .filter(pin -> pin.broken().isPresent() && !excuses.excuse(pin))
                .map(pin -> new Violation(pin.endMs(), text(pin, pin.broken().orElseThrow())))
                .toList();
    }

    private static String text(Pin pin, Broken broken) {
        return "%s %d from %s, served by %s and %s, broke after %d: %s, %s"
                .formatted(
                        pin.kind(),
                        pin.number(),
                        pin.client(),
                        pin.proxy().isEmpty() ? "nobody" : pin.proxy(),
                        pin.upstream().isEmpty() ? "no server" : pin.upstream(),
                        pin.units(),
                        broken.kind(),
                        broken.message());
    }

    @Override
    public String seen(List<Event> events) {
        List<Pin> pins = History.all(events, Pin.class);
        long broken = pins.stream().filter(pin -> pin.broken().isPresent()).count();
        return "%d of %d broke".formatted(broken, pins.size());
    }
}
