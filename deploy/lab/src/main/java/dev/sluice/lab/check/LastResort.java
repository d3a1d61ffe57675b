package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.LastResorts;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;

import java.util.List;

/** The alarm "a connection was cut" rings only after faults that leave packets without an owner. */
record LastResort() implements Checker {
    /**
     * One in so many requests may end with a packet that comes twice, the second time after both
     * sides closed: TCP repeats a FIN, and the last acknowledgement, that it thinks lost (RFC 8985,
     * 7), and a busy machine answers late enough. Whose connection is cut breaks a promise of its
     * own.
     */
    private static final int REQUESTS_PER_ECHO = 500;

    @Override
    public String promise() {
        return "no packet was nobody's but late echoes";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        boolean excused = History.all(events, Fault.class).stream().anyMatch(Fault::strays);
        long echoes = History.all(events, Request.class).size() / REQUESTS_PER_ECHO;
        return History.all(events, LastResorts.class).stream()
                .filter(count -> count.packets() > echoes && !excused)
                .map(count -> new Violation(count.atMs(), count.packets() + " last resorts"))
                .toList();
    }

    @Override
    public String seen(List<Event> events) {
        return History.all(events, LastResorts.class).stream().mapToLong(LastResorts::packets).sum()
                + " packets";
    }
}
