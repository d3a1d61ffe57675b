package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.LastResorts;
import dev.sluice.lab.history.History;

import java.util.List;

/** The alarm "a connection was cut" rings only after faults that leave packets without an owner. */
record LastResort() implements Checker {
    @Override
    public String promise() {
        return "no packet was nobody's";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        boolean excused = History.all(events, Fault.class).stream().anyMatch(Fault::strays);
        return History.all(events, LastResorts.class).stream()
                .filter(count -> count.packets() > 0 && !excused)
                .map(count -> new Violation(count.atMs(), count.packets() + " last resorts"))
                .toList();
    }

    @Override
    public String seen(List<Event> events) {
        return History.all(events, LastResorts.class).stream().mapToLong(LastResorts::packets).sum()
                + " packets";
    }
}
