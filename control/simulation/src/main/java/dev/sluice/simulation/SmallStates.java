package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.simulation.SmallNodes.Director;
import dev.sluice.simulation.SmallNodes.Proxy;
import dev.sluice.simulation.SmallNodes.Socket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The states of a {@link SmallWorld}: each is the numbers of its parts, little to keep and to
 * compare.
 *
 * <p>Two states that differ only in which director is which are one: directors run the same code,
 * and nobody tells them apart but by name.
 */
final class SmallStates {
    private static final int POOL = 0;

    /** Bit i: change i has not been accepted yet. */
    private static final int CHANGES = 1;

    private static final int FLOW = 2;
    private static final int PACKETS = 3;
    private static final int NODES = 4;

    private final int directors;
    private final Interner<PoolState> pools = new Interner<>();
    private final Interner<SmallFlow> flows = new Interner<>();
    private final Interner<List<SmallPacket>> packets = new Interner<>();
    private final Interner<Object> nodes = new Interner<>();

    SmallStates(int directors) {
        this.directors = directors;
    }

    /** Numbers of parts; equal if the parts are. */
    static final class State {
        private final int[] parts;

        private State(int[] parts) {
            this.parts = parts;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof State that && Arrays.equals(parts, that.parts);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(parts);
        }
    }

    State of(
            PoolState pool,
            int changes,
            SmallFlow flow,
            List<Director> ofDirectors,
            List<Proxy> ofProxies) {
        int[] parts = new int[NODES + ofDirectors.size() + ofProxies.size()];
        parts[POOL] = pools.number(pool);
        parts[CHANGES] = changes;
        parts[FLOW] = flows.number(flow);
        parts[PACKETS] = packets.number(List.of());
        for (int i = 0; i < ofDirectors.size(); i++) {
            parts[NODES + i] = nodes.number(ofDirectors.get(i));
        }
        for (int i = 0; i < ofProxies.size(); i++) {
            parts[NODES + directors + i] = nodes.number(ofProxies.get(i));
        }
        return canonical(parts);
    }

    private State canonical(int[] parts) {
        Arrays.sort(parts, NODES, NODES + directors);
        return new State(parts);
    }

    PoolState pool(State state) {
        return pools.value(state.parts[POOL]);
    }

    int changes(State state) {
        return state.parts[CHANGES];
    }

    SmallFlow flow(State state) {
        return flows.value(state.parts[FLOW]);
    }

    List<SmallPacket> packets(State state) {
        return packets.value(state.parts[PACKETS]);
    }

    Director director(State state, int i) {
        return (Director) nodes.value(state.parts[NODES + i]);
    }

    Proxy proxy(State state, int i) {
        return (Proxy) nodes.value(state.parts[NODES + directors + i]);
    }

    /** Names a node as it is: what it does with a pool was decided before. */
    int directorNumber(State state, int i) {
        return state.parts[NODES + i];
    }

    int proxyNumber(State state, int i) {
        return state.parts[NODES + directors + i];
    }

    int poolNumber(State state) {
        return state.parts[POOL];
    }

    Object node(int number) {
        return nodes.value(number);
    }

    int number(Object node) {
        return nodes.number(node);
    }

    State with(State state, PoolState pool, int changes) {
        int[] parts = state.parts.clone();
        parts[POOL] = pools.number(pool);
        parts[CHANGES] = changes;
        return new State(parts);
    }

    State with(State state, SmallFlow flow) {
        return with(state, FLOW, flows.number(flow));
    }

    State with(State state, List<SmallPacket> under) {
        List<SmallPacket> sorted = new ArrayList<>(under);
        sorted.sort(Comparator.comparing(SmallPacket::toString));
        return with(state, PACKETS, packets.number(List.copyOf(sorted)));
    }

    State withDirector(State state, int i, int director) {
        int[] parts = state.parts.clone();
        parts[NODES + i] = director;
        return canonical(parts);
    }

    State withProxy(State state, int i, int proxy) {
        return with(state, NODES + directors + i, proxy);
    }

    State withProxy(State state, int i, Proxy proxy) {
        return withProxy(state, i, number(proxy));
    }

    /**
     * The flow is over, and what is left of it goes: packets and sockets. From here on no promise
     * can be broken, and all that is to be seen is whether the changes end.
     */
    State over(State state) {
        State over = with(with(state, flow(state).done()), List.of());
        for (int i = 0; i < SmallScript.PROXIES; i++) {
            Proxy proxy = proxy(over, i);
            if (proxy.socket() != Socket.NONE) {
                over = withProxy(over, i, proxy.with(Socket.NONE));
            }
        }
        return over;
    }

    private static State with(State state, int at, int part) {
        int[] changed = state.parts.clone();
        changed[at] = part;
        return new State(changed);
    }
}
