package dev.sluice.simulation;

import dev.sluice.cluster.pool.Proxy;

import java.util.HashMap;
import java.util.Map;

/** Every path between clients, directors and proxy hosts: delay, loss, copies, order, cuts. */
final class Network {
    private static final long BASE_NANOS = 100 * Nanos.MICRO;

    private final World world;
    private final Scenario.Weather weather;
    private final Dice dice;

    /** Directed "from>to" to when it is whole again. */
    private final Map<String, Long> cuts = new HashMap<>();

    private final Map<String, Long> deafProbes = new HashMap<>();
    private long packets;

    Network(World world, Scenario.Weather weather) {
        this.world = world;
        this.weather = weather;
        this.dice = world.dice("network");
    }

    /** Probability that a kept packet waits in its host. */
    double backlog() {
        return weather.backlog();
    }

    long packets() {
        return packets;
    }

    void cut(String from, String to, long untilNanos) {
        cuts.merge(from + ">" + to, untilNanos, Math::max);
    }

    /** Probes fail although packets pass. */
    void deafen(String director, String proxy, long untilNanos) {
        deafProbes.merge(director + ">" + proxy, untilNanos, Math::max);
    }

    /** Everything is whole again. */
    void heal() {
        cuts.clear();
        deafProbes.clear();
    }

    private boolean isCut(String from, String to) {
        return cuts.getOrDefault(from + ">" + to, 0L) > world.nowNanos();
    }

    void fromClient(Segment segment) {
        carry(() -> world.router().forward(segment));
    }

    void fromDirector(String director, Envelope envelope) {
        fromHost(director, envelope);
    }

    void fromProxy(String proxy, Envelope envelope) {
        fromHost(proxy, envelope);
    }

    private void fromHost(String from, Envelope envelope) {
        ProxyHost target = world.proxyAt(envelope.target());
        if (!target.isUp()) {
            world.invariants().sentToTheDead(target, envelope);
        }
        if (!isCut(from, target.id())) {
            carry(() -> target.receive(envelope));
        }
    }

    void toClient(Reply reply) {
        if (reply.kind() == Reply.Kind.SYN_ACK && dice.chance(weather.slowSynAcks())) {
            long late = dice.between(Nanos.millis(500), Nanos.seconds(5));
            world.after(late, () -> world.clients().receive(reply));
            return;
        }
        carry(() -> world.clients().receive(reply));
    }

    private void carry(Runnable arrival) {
        packets++;
        if (!dice.chance(weather.loss())) {
            world.after(delay(), arrival);
        }
        if (dice.chance(weather.copies())) {
            world.after(delay(), arrival);
        }
    }

    private long delay() {
        long delay = BASE_NANOS + dice.between(0, 2 * BASE_NANOS);
        if (dice.chance(weather.detours())) {
            delay += dice.between(0, weather.detourNanos());
        }
        return delay;
    }

    boolean probe(String director, Proxy proxy) {
        ProxyHost host = world.proxyAt(proxy.address());
        boolean deaf = deafProbes.getOrDefault(director + ">" + host.id(), 0L) > world.nowNanos();
        return !deaf && !isCut(director, host.id()) && host.answersProbes();
    }
}
