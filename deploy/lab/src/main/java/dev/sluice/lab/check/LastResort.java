package dev.sluice.lab.check;

import dev.sluice.lab.Role;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.LastResorts;
import dev.sluice.lab.history.History;

import java.util.List;

/**
 * The alarm "a connection was cut" rings only when a proxy lost its connections, or somebody forged
 * packets of connections that never were.
 */
record LastResort() implements Checker {
    @Override
    public String promise() {
        return "no packet was nobody's";
    }

    @Override
    public List<Violation> check(List<Event> events) {
        boolean excused = History.all(events, Fault.class).stream().anyMatch(LastResort::mayRing);
        return History.all(events, LastResorts.class).stream()
                .filter(count -> count.packets() > 0 && !excused)
                .map(count -> new Violation(count.atMs(), count.packets() + " last resorts"))
                .toList();
    }

    private static boolean mayRing(Fault fault) {
        return fault.excused().stream()
                .anyMatch(node -> isA(Role.PROXY, node) || isA(Role.CLIENT, node));
    }

    private static boolean isA(Role role, String node) {
        return node.startsWith(role.word());
    }

    @Override
    public String seen(List<Event> events) {
        return History.all(events, LastResorts.class).stream().mapToLong(LastResorts::packets).sum()
                + " packets";
    }
}
