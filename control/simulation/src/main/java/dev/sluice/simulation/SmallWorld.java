package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.simulation.SmallFlow.Phase;
import dev.sluice.simulation.SmallNodes.Director;
import dev.sluice.simulation.SmallNodes.Proxy;
import dev.sluice.simulation.SmallNodes.Socket;
import dev.sluice.simulation.SmallStates.State;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One row, two directors, three proxies, one flow and a few changes: what can happen next in each
 * state. Every value is immutable; the production functions decide, and what they answered once is
 * not asked again.
 */
final class SmallWorld {
    private final SmallScript script;
    private final SmallNodes nodes;
    private final SmallStates states;
    private final SmallControl control;
    private final SmallClient client;
    private final Map<Integer, Integer> scans = new HashMap<>();
    private final Map<Long, Integer> reads = new HashMap<>();

    /**
     * @param broken what went wrong on the way, if anything did
     */
    record Move(String name, State next, Optional<String> broken) {
        Move(String name, State next) {
            this(name, next, Optional.empty());
        }
    }

    SmallWorld(SmallScript script) {
        this.script = script;
        this.nodes = new SmallNodes(SmallScript.FLOW);
        this.states = new SmallStates(script.directors());
        this.control = new SmallControl(script, nodes, states);
        this.client = new SmallClient(script, nodes, states);
    }

    State start() {
        PoolState pool = script.pool();
        return states.of(
                pool,
                (1 << script.changes().size()) - 1,
                SmallFlow.of(script),
                IntStream.range(0, script.directors())
                        .mapToObj(i -> nodes.read(nodes.startedDirector(pool, 0), pool))
                        .toList(),
                IntStream.range(0, SmallScript.PROXIES)
                        .mapToObj(SmallScript::id)
                        .map(id -> nodes.startedProxy(id, 1, pool, SmallNodes.off(id)))
                        .map(proxy -> nodes.read(proxy, pool))
                        .toList());
    }

    /** All that can happen next; nothing of it leaves the state as it is. */
    List<Move> moves(State state) {
        List<Move> moves = new ArrayList<>();
        control(state, moves);
        directors(state, moves);
        proxies(state, moves);
        client.moves(state, moves);
        moves.removeIf(move -> move.broken().isEmpty() && move.next().equals(state));
        return moves;
    }

    PoolState pool(State state) {
        return states.pool(state);
    }

    /** Nothing is open. */
    boolean isSettled(State state) {
        return pool(state).pending().isEmpty() && pool(state).settling().isEmpty();
    }

    private void control(State state, List<Move> moves) {
        int open = states.changes(state);
        control.decide(state, SmallControl.LEADER)
                .ifPresent(next -> moves.add(new Move("leader", states.with(state, next, open))));
        for (int i = 0; i < script.changes().size(); i++) {
            int left = open & ~(1 << i);
            if (left != open) {
                String name = "operator: " + script.changes().get(i);
                control.decide(state, i)
                        .ifPresent(
                                next -> moves.add(new Move(name, states.with(state, next, left))));
            }
        }
    }

    private void directors(State state, List<Move> moves) {
        SmallFlow flow = states.flow(state);
        for (int i = 0; i < script.directors(); i++) {
            Director director = states.director(state, i);
            int read =
                    reads.computeIfAbsent(
                            pair(state, states.directorNumber(state, i)),
                            k -> states.number(nodes.read(director, pool(state))));
            moves.add(new Move("director " + i + " reads", states.withDirector(state, i, read)));
            if (flow.reboots() > 0) {
                Director back = nodes.startedDirector(script.pool(), director.acknowledged());
                State next = states.with(state, flow.rebooting());
                moves.add(
                        new Move(
                                "director " + i + " is back with its first snapshot",
                                states.withDirector(next, i, states.number(back))));
            }
            for (int p = 0; flow.losses() > 0 && p < SmallScript.PROXIES; p++) {
                Director blind = nodes.probed(director, SmallScript.id(p), false);
                State next = states.with(state, flow.losing());
                moves.add(
                        new Move(
                                "director " + i + " does not reach proxy " + p,
                                states.withDirector(next, i, states.number(blind))));
            }
        }
    }

    private long pair(State state, int node) {
        return (long) node << Integer.SIZE | states.poolNumber(state);
    }

    private void proxies(State state, List<Move> moves) {
        SmallFlow flow = states.flow(state);
        for (int i = 0; i < SmallScript.PROXIES; i++) {
            int node = states.proxyNumber(state, i);
            Proxy proxy = states.proxy(state, i);
            int read =
                    reads.computeIfAbsent(
                            pair(state, node), k -> states.number(nodes.read(proxy, pool(state))));
            moves.add(new Move("proxy " + i + " reads", states.withProxy(state, i, read)));
            int scanned = scans.computeIfAbsent(node, k -> states.number(nodes.scan(proxy)));
            moves.add(new Move("proxy " + i + " scans", states.withProxy(state, i, scanned)));
            boolean stray = proxy.socket() == Socket.REQUEST && flow.owner() != i;
            if (stray && !flow.is(Phase.NEW)) {
                moves.add(
                        new Move(
                                "request of proxy " + i + " expires",
                                states.withProxy(state, i, proxy.with(Socket.NONE))));
            }
            if (flow.crashes() > 0) {
                moves.add(new Move("proxy " + i + " restarts", restarted(state, i, proxy)));
            }
        }
    }

    private State restarted(State state, int i, Proxy proxy) {
        PoolState snapshot = proxy.works().orElseThrow();
        Proxy back = nodes.startedProxy(SmallScript.id(i), 2, snapshot, proxy);
        SmallFlow flow = states.flow(state).crashing();
        State next = states.withProxy(states.with(state, flow), i, back);
        return flow.is(Phase.OPEN) && flow.owner() == i ? states.over(next) : next;
    }
}
