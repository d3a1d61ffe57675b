package dev.sluice.lab.check;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.Event.Pin;
import dev.sluice.lab.history.Event.Request;
import dev.sluice.lab.history.History;

import java.util.List;

/**
 * What the faults of a history may have cost: a node's own connections while the node is hurt, and
 * for a stated time the requests of everybody.
 */
record Excuses(List<Fault> faults) {
    Excuses {
        faults = List.copyOf(faults);
    }

    static Excuses of(List<Event> events) {
        return new Excuses(History.all(events, Fault.class));
    }

    /** Its own proxy or upstream server was hurt while it lived. */
    boolean excuse(Pin pin) {
        return hurt(pin.proxy(), pin.atMs(), pin.endMs())
                || hurt(pin.upstream(), pin.atMs(), pin.endMs())
                || (pin.proxy().isEmpty() && isWithinBudget(pin.atMs(), pin.endMs()));
    }

    boolean excuse(Request request) {
        return hurt(request.proxy(), request.atMs(), request.endMs())
                || hurt(request.upstream(), request.atMs(), request.endMs())
                || isWithinBudget(request.atMs(), request.endMs());
    }

    private boolean hurt(String node, long fromMs, long toMs) {
        return !node.isEmpty()
                && faults.stream()
                        .anyMatch(fault ->
                                fault.excused().contains(node)
                                        && fault.atMs() <= toMs
                                        && fault.endMs() >= fromMs);
    }

    /** It was under way while new requests were allowed to fail. */
    private boolean isWithinBudget(long fromMs, long toMs) {
        return faults.stream()
                .anyMatch(fault ->
                        fault.budgetMs() > 0
                                && fault.atMs() <= toMs
                                && fromMs <= fault.atMs() + fault.budgetMs());
    }
}
