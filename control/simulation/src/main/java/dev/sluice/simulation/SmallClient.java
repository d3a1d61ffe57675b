package dev.sluice.simulation;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.packet.RedirectRule.Verdict;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.simulation.SmallFlow.Phase;
import dev.sluice.simulation.SmallNodes.Director;
import dev.sluice.simulation.SmallNodes.Proxy;
import dev.sluice.simulation.SmallNodes.Socket;
import dev.sluice.simulation.SmallStates.State;
import dev.sluice.simulation.SmallWorld.Move;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The client of a {@link SmallWorld} and the way of its packets.
 *
 * <p>No packet is lost: what comes of a loss is what comes of not sending, which is explored too.
 */
final class SmallClient {
    private static final int ISN = 1000;

    private final SmallScript script;
    private final SmallNodes nodes;
    private final SmallStates states;

    SmallClient(SmallScript script, SmallNodes nodes, SmallStates states) {
        this.script = script;
        this.nodes = nodes;
        this.states = states;
    }

    void moves(State state, List<Move> moves) {
        if (states.flow(state).is(Phase.DONE)) {
            return;
        }
        send(state, moves);
        hear(state, moves);
        for (SmallPacket packet : states.packets(state)) {
            List<SmallPacket> rest = new ArrayList<>(states.packets(state));
            rest.remove(packet);
            moves.add(deliver(states.with(state, rest), packet));
        }
    }

    private void send(State state, List<Move> moves) {
        SmallFlow flow = states.flow(state);
        List<SmallPacket> under = states.packets(state);
        if (under.size() >= script.packets()) {
            return;
        }
        boolean hasData = under.stream().anyMatch(p -> !p.syn());
        for (int i = 0; i < script.directors(); i++) {
            Director director = states.director(state, i);
            if (director.announces() && flow.is(Phase.NEW) && flow.syns() > 0) {
                State sent = states.with(state, flow.sendingSyn());
                moves.add(new Move("SYN by director " + i, sending(sent, director, true)));
            } else if (director.announces() && flow.is(Phase.OPEN) && !hasData) {
                moves.add(new Move("data by director " + i, sending(state, director, false)));
            }
        }
    }

    private State sending(State state, Director director, boolean syn) {
        ForwardingTable table = nodes.table(director);
        List<SmallPacket> more = new ArrayList<>(states.packets(state));
        more.add(new SmallPacket(syn, table.generation(), Chained.of(table, 0).hops()));
        return states.with(state, more);
    }

    private void hear(State state, List<Move> moves) {
        SmallFlow flow = states.flow(state);
        for (int p = 0; flow.is(Phase.NEW) && p < SmallScript.PROXIES; p++) {
            if (flow.isAnsweredBy(p)) {
                moves.add(new Move("SYN-ACK of proxy " + p, states.with(state, flow.openOn(p))));
            }
        }
        if (flow.is(Phase.OPEN)) {
            moves.add(new Move("the flow ends", states.over(state)));
        } else if (flow.syns() == 0 && flow.answers() == 0) {
            moves.add(new Move("the client gives up", states.over(state)));
        }
    }

    /** From hop to hop, until somebody keeps or drops it. */
    private Move deliver(State state, SmallPacket packet) {
        Segment segment = SmallScript.segment(packet.syn());
        Envelope envelope = Envelope.of(segment, packet.chain(), packet.stamp(), 0, Set.of());
        String name = (packet.syn() ? "SYN" : "data") + " of g" + packet.stamp() + " arrives";
        while (true) {
            int host = SmallScript.indexOf(envelope.target());
            switch (judge(state, host, envelope, packet.syn())) {
                case Verdict.Drop ignored -> {
                    return new Move(name, state);
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
        Proxy proxy = states.proxy(state, host);
        ForwardingTable table = nodes.table(proxy.works().orElseThrow());
        Chained chain = Chained.of(table, 0);
        RedirectRule.Socket socket =
                switch (proxy.socket()) {
                    case NONE -> new RedirectRule.Socket.Listener(false);
                    case REQUEST -> new RedirectRule.Socket.Request(ISN * host);
                    case ESTABLISHED -> new RedirectRule.Socket.Flow();
                };
        int acknowledgement = syn ? 0 : ISN * states.flow(state).owner() + 1;
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

    private Move kept(String name, State state, int host, SmallPacket packet, Verdict.Keep keep) {
        Proxy proxy = states.proxy(state, host);
        SmallFlow flow = states.flow(state);
        if (packet.syn()) {
            if (proxy.socket() == Socket.ESTABLISHED) {
                return new Move(name, state);
            }
            State answered = states.with(state, flow.answeredBy(host));
            return new Move(name, states.withProxy(answered, host, proxy.with(Socket.REQUEST)));
        }
        boolean lost = keep.reason() == RedirectCounter.KEPT_LAST_RESORT;
        String owner = "its owner is proxy " + flow.owner();
        if (lost && states.proxy(state, flow.owner()).socket() != Socket.NONE) {
            return new Move(name, state, Optional.of("cut, " + owner));
        }
        if (lost) {
            return new Move(name, state);
        }
        return host == flow.owner()
                ? new Move(name, states.withProxy(state, host, proxy.with(Socket.ESTABLISHED)))
                : new Move(name, state, Optional.of("taken, " + owner));
    }
}
