package dev.sluice.lab.scenario;

import dev.sluice.lab.LabException;
import dev.sluice.lab.Node;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Something to do to a cluster, how to undo it, and what it may cost meanwhile.
 *
 * @param what in words, with the node's name
 * @param node the one that is hurt, if it is one
 * @param budget for so long from its start new requests may fail; zero = none may
 * @param excused nodes whose own connections and requests may break while it lasts
 */
public record Fault(
        String what,
        Optional<Node> node,
        Duration budget,
        Set<String> excused,
        Act strike,
        Act heal) {
    public Fault {
        excused = Set.copyOf(excused);
    }

    /** One step of it. */
    @FunctionalInterface
    public interface Act {
        void run() throws IOException, LabException;
    }

    /** That costs nothing: no connection, no request. */
    static Fault harmless(String what, Optional<Node> node, Act strike, Act heal) {
        return new Fault(what, node, Duration.ZERO, Set.of(), strike, heal);
    }

    /** The same, where new requests may fail for some time. */
    Fault within(Duration failing) {
        return new Fault(what, node, failing, excused, strike, heal);
    }

    Fault excusing(Node hurt, Duration failing) {
        return new Fault(what, node, failing, Set.of(hurt.name()), strike, heal);
    }
}
