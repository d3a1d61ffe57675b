package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.LastResorts;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;

import java.util.List;

/** The alarm "a connection was cut" rings only when a node with connections was hurt. */
record LastResort() implements Checker {
    /**
     * One in so many requests may end with a reset that finds its connection gone: a TLS client
     * that closes before the server's farewell resets it more than once, and the redirect counts
     * the second one (docs/track-record.md). A connection that is cut breaks a promise of its own.
     */
    private static final int REQUESTS_PER_RESET = 100;

    @Override
    public String promise() {
        return "no packet was nobody's but late resets";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        boolean excused = History.all(events, Fault.class).stream().anyMatch(LastResort::mayRing);
        long resets = History.all(events, Request.class).size() / REQUESTS_PER_RESET;
        return History.all(events, LastResorts.class).stream()
                .filter(count -> count.packets() > resets && !excused)
                .map(count -> new Violation(count.atMs(), count.packets() + " last resorts"))
                .toList();
    }

    /** Who meets a proxy that cannot answer gives a connection up, and says so to another. */
    private static boolean mayRing(Fault fault) {
        return !fault.excused().isEmpty() || fault.node().startsWith("proxy-");
    }

    @Override
    public String seen(List<Event> events) {
        return History.all(events, LastResorts.class).stream().mapToLong(LastResorts::packets).sum()
                + " packets";
    }
}
