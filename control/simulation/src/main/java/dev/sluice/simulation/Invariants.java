package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.simulation.Violation.Invariant;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What must hold: asked wherever it could stop to hold. A breach ends the run. */
final class Invariants {
    private final World world;
    private final Map<String, Long> generations = new HashMap<>();
    private final Map<Connection, ProxyHost> owners = new HashMap<>();

    private final Set<String> cut = new HashSet<>();
    private final Set<Connection> cutAsAnnounced = new HashSet<>();

    Invariants(World world) {
        this.world = world;
    }

    /** A host's kernel, a record or the pool is at a generation now. */
    void installed(String what, long generation) {
        long before = generations.getOrDefault(what, 0L);
        if (generation < before) {
            found(
                    Invariant.GENERATIONS_GROW,
                    what,
                    what + " goes back from generation " + before + " to " + generation);
        }
        generations.put(what, generation);
    }

    /** A host lost its memory honestly: by power. */
    void forget(String what) {
        generations.remove(what);
    }

    void written(PoolState before, PoolState next) {
        if (next.generation() != before.generation() + 1) {
            found(
                    Invariant.GENERATIONS_GROW,
                    next.name(),
                    "the pool goes from generation "
                            + before.generation()
                            + " to "
                            + next.generation());
        }
    }

    void lastResort(ProxyHost host, Segment segment) {
        if (!segment.has(Segment.RST) && isLive(segment.connection())) {
            cut(host, segment, "reaches the last resort of ");
        }
    }

    /** A host answers a packet by a reset. */
    void reset(ProxyHost host, Segment segment) {
        if (isLive(segment.connection())) {
            cut(host, segment, "is reset by ");
        }
    }

    /** A packet goes to a host without power. */
    void sentToTheDead(ProxyHost dead, Envelope envelope) {
        Connection connection = envelope.segment().connection();
        ProxyHost owner = connection.owner();
        boolean known = envelope.away().contains(dead.id());
        if (known && owner != null && isLive(connection) && !envelope.away().contains(owner.id())) {
            if (envelope.rest().contains(owner.address())) {
                found(
                        Invariant.NOTHING_WAITS_FOR_THE_DEAD,
                        connection.toString(),
                        envelope.segment() + " is sent to " + dead + " ahead of " + owner);
            }
        }
    }

    private boolean isLive(Connection connection) {
        return isPromised(connection) && !world.metLeftover(connection);
    }

    private boolean isPromised(Connection connection) {
        return connection.isLive() && !world.glbPromise().excludes(connection);
    }

    private void cut(ProxyHost host, Segment segment, String how) {
        if (world.announced().covers(segment.connection())) {
            cutAsAnnounced.add(segment.connection());
            return;
        }
        found(
                Invariant.NOTHING_IS_CUT,
                segment.connection().toString(),
                segment + " " + how + host + ", its owner is " + segment.connection().owner());
    }

    void established(ProxyHost host, Socket socket) {
        ProxyHost before = owners.put(socket.connection(), host);
        boolean excluded = world.glbPromise().excludes(socket.connection());
        if (before != null && before != host && !excluded) {
            found(
                    Invariant.ONE_OWNER,
                    socket.connection().toString(),
                    socket.connection() + " is established on " + before + " and on " + host);
        }
    }

    /**
     * A host takes a packet whose acknowledgement says that another one made the connection. What
     * an earlier connection left under the same addresses and ports may do that for a while: see
     * docs/simulation.md.
     */
    void misdelivered(ProxyHost host, Segment segment, Socket socket) {
        Connection connection = segment.connection();
        boolean leftover = socket.connection() != connection;
        if (leftover && connection.isLive() && connection.wasPassedBy(host)) {
            found(
                    Invariant.SYN_CLEARS_ITS_WAY,
                    connection.toString(),
                    segment + " meets an old socket on " + host + ", as its SYN did");
        } else if (leftover) {
            world.countLeftover(connection);
        } else if (isPromised(connection) && connection.owner() != host) {
            found(
                    Invariant.NO_WRONG_OWNER,
                    connection.toString(),
                    segment + " is taken by " + host + ", its owner is " + connection.owner());
        }
    }

    /** Live flows have had time to be answered since the faults ended. */
    void allAnswered(long sinceNanos) {
        for (Connection connection : world.clients().open()) {
            boolean waits = connection.state() == Connection.State.ESTABLISHED;
            boolean stuck = waits && isLive(connection);
            boolean excused = world.announced().covers(connection);
            if (stuck && !excused && connection.progressNanos() < sinceNanos) {
                found(
                        Invariant.FLOWS_GO_ON,
                        connection.toString(),
                        connection
                                + " of "
                                + connection.owner()
                                + " is not answered since "
                                + Nanos.text(connection.progressNanos()));
            }
        }
    }

    void settled(PoolState state, java.util.List<String> reasons) {
        if (state.pending().isPresent() || !state.settling().isEmpty() || world.isQueueing()) {
            found(
                    Invariant.CHANGES_END,
                    state.name(),
                    "a change of generation " + state.generation() + " does not end: " + reasons);
        }
    }

    /** Live flows that were cut. */
    int cut() {
        return cut.size();
    }

    /** Live flows that a forced change cut, as it had said. */
    int cutAsAnnounced() {
        return cutAsAnnounced.size();
    }

    private void found(Invariant invariant, String subject, String text) {
        if (world.checks() != Checks.ALL) {
            if (invariant == Invariant.NOTHING_IS_CUT) {
                cut.add(subject);
            }
            return;
        }
        throw new Violation.Found(new Violation(invariant, subject, text, world.nowNanos()));
    }
}
