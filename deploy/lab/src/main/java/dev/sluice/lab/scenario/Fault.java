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
 * @param strays it leaves packets that are nobody's: of connections that died, of handshakes that
 *     somebody else took over, forged ones
 */
public record Fault(
        String what,
        Optional<Node> node,
        Duration budget,
        Set<String> excused,
        boolean strays,
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
        return new Fault(what, node, Duration.ZERO, Set.of(), false, strike, heal);
    }

    /** The same, where new requests may fail for some time. */
    Fault within(Duration failing) {
        return new Fault(what, node, failing, excused, strays, strike, heal);
    }

    Fault excusing(Node hurt, Duration failing) {
        return new Fault(what, node, failing, Set.of(hurt.name()), strays, strike, heal);
    }

    Fault leavingStrays() {
        return new Fault(what, node, budget, excused, true, strike, heal);
    }
}
