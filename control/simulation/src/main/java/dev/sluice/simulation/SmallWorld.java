package dev.sluice.simulation;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.packet.RedirectRule.Verdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.Decision;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Facts.DirectorFacts;
import dev.sluice.cluster.transition.Facts.ProxyFacts;
import dev.sluice.cluster.transition.Safety;
import dev.sluice.cluster.transition.Transitions;
import dev.sluice.simulation.SmallNodes.Director;
import dev.sluice.simulation.SmallNodes.Proxy;
import dev.sluice.simulation.SmallNodes.Socket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One row, two directors, three proxies, one flow and a few changes: what can happen next in each
 * state. Every value is immutable; the production functions decide, and what they answered once is
 * not asked again.
 */
final class SmallWorld {
    /** Instead of a change: what is due. */
    private static final int LEADER = -1;

    private static final int ISN = 1000;
    private static final long PATIENCE_OVER_MS = 10_000;

    private final SmallScript script;
    private final SmallNodes nodes;
    private final int directors;
    private final Interner<PoolState> pools = new Interner<>();
    private final Interner<Flow> flows = new Interner<>();
    private final Interner<List<Packet>> packets = new Interner<>();
    private final Interner<Object> all = new Interner<>();
    private final Interner<List<Object>> facts = new Interner<>();
    private final Map<Integer, Integer> known = new HashMap<>();
    private final Map<Integer, Integer> scans = new HashMap<>();
    private final Map<Long, Integer> reads = new HashMap<>();
    private final Map<List<Integer>, Optional<PoolState>> decided = new HashMap<>();

    /** The client's side. */
    enum Phase {
        NEW,
        OPEN,
        DONE
    }

    /**
     * @param owner index of the proxy whose SYN-ACK was taken; -1 = none yet
     * @param answers bit p: a SYN-ACK of proxy p is under way
     * @param syns that may still be sent
     * @param crashes of a proxy process that may still happen
     * @param reboots of a director host that may still happen
     * @param losses of reach that may still happen: a director's of a proxy
     */
    record Flow(
            Phase phase, int owner, int answers, int syns, int crashes, int reboots, int losses) {
        Flow with(Phase next, int nextOwner) {
            return new Flow(next, nextOwner, answers, syns, crashes, reboots, losses);
        }

        Flow answering(int bits) {
            return new Flow(phase, owner, bits, syns, crashes, reboots, losses);
        }

        Flow sendingSyn() {
            return new Flow(phase, owner, answers, syns - 1, crashes, reboots, losses);
        }

        Flow crashing() {
            return new Flow(phase, owner, answers, syns, crashes - 1, reboots, losses);
        }

        Flow rebooting() {
            return new Flow(phase, owner, answers, syns, crashes, reboots - 1, losses);
        }

        Flow losing() {
            return new Flow(phase, owner, answers, syns, crashes, reboots, losses - 1);
        }
    }

    /** On its way from a director to the first hop of a chain. */
    record Packet(boolean syn, long stamp, List<Address> chain) {}

    /** A state as the numbers of its parts: little to keep and to compare. */
    static final class State {
        private static final int POOL = 0;

        /** Bit i: change i has not been accepted yet. */
        private static final int CHANGES = 1;

        private static final int FLOW = 2;
        private static final int PACKETS = 3;
        private static final int NODES = 4;

        private final int[] parts;

        private State(int[] parts) {
            this.parts = parts;
        }

        private State with(int at, int part) {
            int[] changed = parts.clone();
            changed[at] = part;
            return new State(changed);
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

    /**
     * @param broken what went wrong on the way, if anything did
     */
    record Move(String name, State next, Optional<String> broken) {}

    SmallWorld(SmallScript script) {
        this.script = script;
        this.directors = script.directors();
        this.nodes = new SmallNodes(SmallScript.FLOW);
    }

    State start() {
        PoolState pool = script.pool();
        int[] parts = new int[State.NODES + directors + SmallScript.PROXIES];
        parts[State.POOL] = pools.number(pool);
        parts[State.CHANGES] = (1 << script.changes().size()) - 1;
        parts[State.FLOW] =
                flows.number(
                        new Flow(
                                Phase.NEW,
                                -1,
                                0,
                                script.syns(),
                                script.crashes(),
                                script.reboots(),
                                script.losses()));
        parts[State.PACKETS] = packets.number(List.of());
        for (int i = 0; i < directors; i++) {
            Director started = nodes.startedDirector(pool, 0);
            parts[State.NODES + i] = all.number(nodes.read(started, pool));
        }
        for (int i = 0; i < SmallScript.PROXIES; i++) {
            String id = SmallScript.id(i);
            Proxy started = nodes.startedProxy(id, 1, pool, SmallNodes.off(id));
            parts[State.NODES + directors + i] = all.number(nodes.read(started, pool));
        }
        return new State(parts);
    }

    /** All that can happen next; nothing of it leaves the state as it is. */
    List<Move> moves(State state) {
        List<Move> moves = new ArrayList<>();
        control(state, moves);
        directors(state, moves);
        proxies(state, moves);
        client(state, moves);
        packets(state, moves);
        moves.removeIf(move -> move.broken().isEmpty() && move.next().equals(state));
        return moves;
    }

    PoolState pool(State state) {
        return pools.value(state.parts[State.POOL]);
    }

    /** Nothing is open. */
    boolean isSettled(State state) {
        return pool(state).pending().isEmpty() && pool(state).settling().isEmpty();
    }

    private Flow flow(State state) {
        return flows.value(state.parts[State.FLOW]);
    }

    private List<Packet> packets(State state) {
        return packets.value(state.parts[State.PACKETS]);
    }

    private Director director(State state, int i) {
        return (Director) all.value(state.parts[State.NODES + i]);
    }

    private Proxy proxy(State state, int i) {
        return (Proxy) all.value(state.parts[State.NODES + directors + i]);
    }

    private State with(State state, Flow flow) {
        return state.with(State.FLOW, flows.number(flow));
    }

    private State with(State state, List<Packet> next) {
        return state.with(State.PACKETS, packets.number(next));
    }

    private State withDirector(State state, int i, Director next) {
        return state.with(State.NODES + i, all.number(next));
    }

    private State withProxy(State state, int i, Proxy next) {
        return state.with(State.NODES + directors + i, all.number(next));
    }

    private void control(State state, List<Move> moves) {
        decide(state, LEADER)
                .ifPresent(next ->
                        moves.add(move("leader", state.with(State.POOL, pools.number(next)))));
        for (int i = 0; i < script.changes().size(); i++) {
            int left = state.parts[State.CHANGES] & ~(1 << i);
            if (left != state.parts[State.CHANGES]) {
                String name = "operator: " + script.changes().get(i);
                decide(state, i)
                        .ifPresent(next ->
                                moves.add(
                                        move(
                                                name,
                                                state.with(State.POOL, pools.number(next))
                                                        .with(State.CHANGES, left))));
            }
        }
    }

    /** What a controller knows of the nodes is little, so few questions are new. */
    private Optional<PoolState> decide(State state, int change) {
        List<Integer> asked = new ArrayList<>();
        asked.add(change);
        asked.add(state.parts[State.POOL]);
        for (int at = State.NODES; at < state.parts.length; at++) {
            asked.add(known.computeIfAbsent(state.parts[at], n -> facts.number(all(n))));
        }
        return decided.computeIfAbsent(
                asked, a -> change == LEADER ? due(state) : accepted(state, change));
    }

    /** What is on record about a node. */
    private List<Object> all(int node) {
        return switch (all.value(node)) {
            case Director director -> List.of(director.acknowledged());
            case Proxy proxy ->
                    List.of(
                            proxy.process().incarnation(),
                            proxy.process().persisted(),
                            proxy.report());
            default -> throw new IllegalStateException("no node");
        };
    }

    private Optional<PoolState> due(State state) {
        Advance advance =
                Transitions.advance(nodes.tables(), pool(state), facts(state), PATIENCE_OVER_MS);
        return advance instanceof Advance.Write write
                ? Optional.of(write.next())
                : Optional.empty();
    }

    private Optional<PoolState> accepted(State state, int change) {
        Change asked = script.changes().get(change);
        Decision decision = Safety.check(nodes.tables(), pool(state), facts(state), asked, 0);
        return decision instanceof Decision.Accepted accepted
                ? Optional.of(accepted.next())
                : Optional.empty();
    }

    private Facts facts(State state) {
        Map<String, DirectorFacts> ofDirectors = new TreeMap<>();
        for (int i = 0; i < directors; i++) {
            long acknowledged = director(state, i).acknowledged();
            ofDirectors.put("d" + i, new DirectorFacts(acknowledged, false, true, Set.of()));
        }
        Map<String, ProxyFacts> running = new TreeMap<>();
        Map<String, Facts.OwnedReport> reports = new TreeMap<>();
        for (int i = 0; i < SmallScript.PROXIES; i++) {
            Proxy proxy = proxy(state, i);
            String id = SmallScript.id(i);
            long installed = proxy.process().persisted().getOrDefault(Paths.POOL_NAME, 0L);
            running.put(id, new ProxyFacts(proxy.process().incarnation(), installed, 0));
            proxy.report().ifPresent(report -> reports.put(id, report));
        }
        return new Facts(ofDirectors, running, reports);
    }

    private void directors(State state, List<Move> moves) {
        for (int i = 0; i < directors; i++) {
            int node = State.NODES + i;
            Director director = director(state, i);
            int read =
                    reads.computeIfAbsent(
                            pair(state, node), k -> all.number(nodes.read(director, pool(state))));
            moves.add(move("director " + i + " reads", state.with(node, read)));
            if (flow(state).reboots() > 0) {
                Director back = nodes.startedDirector(script.pool(), director.acknowledged());
                State next = withDirector(with(state, flow(state).rebooting()), i, back);
                moves.add(move("director " + i + " is back with its first snapshot", next));
            }
            for (int p = 0; flow(state).losses() > 0 && p < SmallScript.PROXIES; p++) {
                Director blind = nodes.probed(director, SmallScript.id(p), false);
                State next = withDirector(with(state, flow(state).losing()), i, blind);
                moves.add(move("director " + i + " does not reach proxy " + p, next));
            }
        }
    }

    private static long pair(State state, int node) {
        return (long) state.parts[node] << Integer.SIZE | state.parts[State.POOL];
    }

    private void proxies(State state, List<Move> moves) {
        for (int i = 0; i < SmallScript.PROXIES; i++) {
            int node = State.NODES + directors + i;
            Proxy proxy = proxy(state, i);
            int read =
                    reads.computeIfAbsent(
                            pair(state, node), k -> all.number(nodes.read(proxy, pool(state))));
            moves.add(move("proxy " + i + " reads", state.with(node, read)));
            int scanned =
                    scans.computeIfAbsent(state.parts[node], k -> all.number(nodes.scan(proxy)));
            moves.add(move("proxy " + i + " scans", state.with(node, scanned)));
            boolean stray = proxy.socket() == Socket.REQUEST && flow(state).owner() != i;
            if (stray && flow(state).phase() != Phase.NEW) {
                State next = withProxy(state, i, proxy.with(Socket.NONE));
                moves.add(move("request of proxy " + i + " expires", next));
            }
            if (flow(state).crashes() > 0) {
                moves.add(move("proxy " + i + " restarts", restarted(state, i, proxy)));
            }
        }
    }

    private State restarted(State state, int i, Proxy proxy) {
        PoolState snapshot = proxy.works().orElseThrow();
        Proxy back = nodes.startedProxy(SmallScript.id(i), 2, snapshot, proxy);
        Flow flow = flow(state).crashing();
        boolean died = flow.phase() == Phase.OPEN && flow.owner() == i;
        return withProxy(with(state, died ? flow.with(Phase.DONE, -1) : flow), i, back);
    }

    private void client(State state, List<Move> moves) {
        Flow flow = flow(state);
        boolean room = packets(state).size() < script.packets();
        boolean hasData = packets(state).stream().anyMatch(p -> !p.syn());
        for (int i = 0; room && i < directors; i++) {
            Director director = director(state, i);
            if (director.announces() && flow.phase() == Phase.NEW && flow.syns() > 0) {
                State sent = with(state, flow.sendingSyn());
                moves.add(move("SYN by director " + i, sending(sent, director, true)));
            } else if (director.announces() && flow.phase() == Phase.OPEN && !hasData) {
                moves.add(move("data by director " + i, sending(state, director, false)));
            }
        }
        for (int p = 0; p < SmallScript.PROXIES; p++) {
            if ((flow.answers() & (1 << p)) != 0) {
                Flow heard = flow.answering(flow.answers() & ~(1 << p));
                Flow next = flow.phase() == Phase.NEW ? heard.with(Phase.OPEN, p) : heard;
                moves.add(move("SYN-ACK of proxy " + p, with(state, next)));
            }
        }
        State done = with(state, flow.with(Phase.DONE, -1));
        if (flow.phase() == Phase.OPEN) {
            Proxy owner = proxy(state, flow.owner());
            moves.add(
                    move("the flow ends", withProxy(done, flow.owner(), owner.with(Socket.NONE))));
        } else if (flow.phase() == Phase.NEW && flow.syns() == 0 && flow.answers() == 0) {
            moves.add(move("the client gives up", done));
        }
    }

    private State sending(State state, Director director, boolean syn) {
        ForwardingTable table = nodes.table(director);
        List<Packet> more = new ArrayList<>(packets(state));
        more.add(new Packet(syn, table.generation(), Chained.of(table, 0).hops()));
        more.sort(Comparator.comparing(Packet::toString));
        return with(state, more);
    }

    private void packets(State state, List<Move> moves) {
        for (int at = 0; at < packets(state).size(); at++) {
            Packet packet = packets(state).get(at);
            List<Packet> rest = new ArrayList<>(packets(state));
            rest.remove(at);
            State without = with(state, rest);
            moves.add(move("loss", without));
            moves.add(deliver(without, packet));
        }
    }

    /** From hop to hop, until somebody keeps or drops it. */
    private Move deliver(State state, Packet packet) {
        Segment segment = SmallScript.segment(packet.syn());
        Envelope envelope = Envelope.of(segment, packet.chain(), packet.stamp(), 0, Set.of());
        String name = (packet.syn() ? "SYN" : "data") + " of g" + packet.stamp() + " arrives";
        while (true) {
            int host = SmallScript.indexOf(envelope.target());
            Verdict verdict = judge(state, host, envelope, packet.syn());
            switch (verdict) {
                case Verdict.Drop ignored -> {
                    return move(name, state);
                }
                case Verdict.Next next -> envelope = envelope.next(next);
                case Verdict.Rescue rescue -> envelope = envelope.rescued(rescue);
                case Verdict.Keep keep -> {
                    return kept(name + ", kept by proxy " + host, state, host, packet, keep);
                }
            }
        }
    }

    private Verdict judge(State state, int host, Envelope envelope, boolean syn) {
        Proxy proxy = proxy(state, host);
        ForwardingTable table = nodes.table(proxy.works().orElseThrow());
        Chained chain = Chained.of(table, 0);
        RedirectRule.Socket socket =
                switch (proxy.socket()) {
                    case NONE -> new RedirectRule.Socket.Listener(false);
                    case REQUEST -> new RedirectRule.Socket.Request(ISN * host);
                    case ESTABLISHED -> new RedirectRule.Socket.Flow();
                };
        int acknowledgement = syn ? 0 : ISN * flow(state).owner() + 1;
        RedirectRule.Packet packet =
                new RedirectRule.Packet(
                        RedirectRule.Kind.TCP,
                        syn ? Segment.SYN : Segment.ACK,
                        acknowledgement,
                        Wire.SLUICE,
                        envelope.route().stamp(),
                        envelope.route().rescues(),
                        envelope.route().next(),
                        envelope.route().hops());
        return RedirectRule.judge(
                new RedirectRule.Host(
                        envelope.target(),
                        table.generation(),
                        chain.hops(),
                        chain.open(),
                        true,
                        socket),
                packet);
    }

    private Move kept(String name, State state, int host, Packet packet, Verdict.Keep keep) {
        Proxy proxy = proxy(state, host);
        Flow flow = flow(state);
        if (packet.syn()) {
            if (proxy.socket() == Socket.ESTABLISHED) {
                return move(name, state);
            }
            Flow answered = flow.answering(flow.answers() | 1 << host);
            return move(name, withProxy(with(state, answered), host, proxy.with(Socket.REQUEST)));
        }
        if (flow.phase() != Phase.OPEN) {
            return move(name, state);
        }
        boolean lost = keep.reason() == RedirectCounter.KEPT_LAST_RESORT;
        String owner = "its owner is proxy " + flow.owner();
        if (lost && proxy(state, flow.owner()).socket() != Socket.NONE) {
            return new Move(name, state, Optional.of("cut, " + owner));
        }
        if (lost) {
            return move(name, state);
        }
        return host == flow.owner()
                ? move(name, withProxy(state, host, proxy.with(Socket.ESTABLISHED)))
                : new Move(name, state, Optional.of("taken, " + owner));
    }

    private static Move move(String name, State next) {
        return new Move(name, next, Optional.empty());
    }
}
