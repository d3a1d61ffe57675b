package dev.sluice.simulation;

import dev.sluice.cluster.agent.DisplacedRows;
import dev.sluice.cluster.agent.ProxyHostEffect.Mode;
import dev.sluice.cluster.agent.ProxyHostObservation;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.RedirectRule;
import dev.sluice.cluster.packet.RedirectRule.Verdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A proxy's machine: the redirect in its kernel, which outlives the process, its sockets, its disk,
 * and the process.
 */
final class ProxyHost {
    private final World world;
    private final String id;
    private final Address address;
    private final Kernel kernel;
    private final Dice dice;
    private final List<PoolState> persisted = new ArrayList<>();
    private boolean up = true;
    private long installNanos;
    private long confirmedUntilNanos;
    private int incarnations;
    private @Nullable ForwardingTable table;
    private @Nullable ProxyProcess process;

    ProxyHost(World world, String id, Address address) {
        this.world = world;
        this.id = id;
        this.address = address;
        this.dice = world.dice(id);
        this.kernel = new Kernel(world, this);
    }

    String id() {
        return id;
    }

    Address address() {
        return address;
    }

    Kernel kernel() {
        return kernel;
    }

    boolean isUp() {
        return up;
    }

    @Nullable ForwardingTable table() {
        return table;
    }

    @Nullable ProxyProcess process() {
        return process;
    }

    void start() {
        up = true;
        if (process != null) {
            return;
        }
        List<PoolState> snapshot = world.boundary().remembered(persisted);
        if (world.boundary().forgetsTheFence()) {
            table = null;
        }
        Map<String, Long> inKernel =
                table == null ? Map.of() : Map.of(table.pool(), table.generation());
        process = new ProxyProcess(world, this, id + "#" + ++incarnations);
        world.trace().say(() -> id + " starts");
        process.begin(new ProxyHostObservation.Started(snapshot, inKernel));
        kernel.listen();
    }

    /** The process dies with its flows; the redirect goes on. */
    void crash() {
        if (process != null) {
            world.trace().say(() -> id + " process dies");
            process.kill();
            process = null;
            kernel.processDied();
        }
    }

    void powerOff() {
        if (!up) {
            return;
        }
        world.trace().say(() -> id + " host is off");
        if (process != null) {
            process.kill();
            process = null;
        }
        kernel.powerLost();
        up = false;
        table = null;
        confirmedUntilNanos = 0;
        world.invariants().forget(id);
    }

    void slowInstalls(long nanos) {
        installNanos = nanos;
    }

    long installNanos() {
        return installNanos + dice.between(Nanos.millis(1), Nanos.millis(20));
    }

    void install(ForwardingTable next) {
        table = next;
        world.invariants().installed(id, next.generation());
        world.trace().say(() -> id + " installs g" + next.generation());
    }

    /** Its disk is that of its first day. */
    void putDiskBack() {
        persisted.subList(Math.min(1, persisted.size()), persisted.size()).clear();
    }

    void persist(PoolState state) {
        persisted.add(state);
    }

    void confirm(long untilNanos) {
        confirmedUntilNanos = untilNanos;
    }

    void serve(Mode mode) {
        world.trace().say(() -> id + " is " + mode);
        kernel.drain(mode != Mode.SERVING);
        if (mode == Mode.CUTTING) {
            kernel.cut(Socket::holdsFlow);
        }
    }

    /** The deadline of the flows on some rows has passed. */
    void reset(RowSet rows) {
        ForwardingTable now = table;
        if (now != null) {
            kernel.cut(socket -> rows.contains(socket.connection().row(now.spec())));
        }
    }

    DisplacedRows scan() {
        ForwardingTable now = table;
        if (now == null) {
            throw new IllegalStateException(id + " scans without a table");
        }
        return DisplacedRows.of(
                now,
                id,
                kernel.flows(world.boundary()::scanSees),
                world.boundary().cookies(kernel.cookiesSentLately()));
    }

    /** An encapsulated packet. */
    void receive(Envelope envelope) {
        ForwardingTable now = table;
        if (!up || now == null) {
            return;
        }
        Segment segment = envelope.segment();
        if (world.boundary().leftThePlace(this, now)) {
            keep(segment, RedirectCounter.KEPT_SELF);
            return;
        }
        int row = segment.connection().row(now.spec());
        Chained chain = world.boundary().hostChain(this, now, row);
        RedirectRule.Host host =
                new RedirectRule.Host(
                        address,
                        world.boundary().installed(now, envelope),
                        chain.hops(),
                        chain.open(),
                        world.boundary().confirmed(world.nowNanos() < confirmedUntilNanos),
                        world.boundary().socket(kernel.find(segment), segment));
        RedirectRule.Packet packet =
                world.boundary().packet(segment.in(now.spec().wire(), envelope.route()));
        Verdict verdict = RedirectRule.judge(host, packet);
        if (segment.has(Segment.SYN) && !(verdict instanceof Verdict.Keep)) {
            kernel.passesOn(segment);
        }
        world.recorder().judged(world.nowNanos(), id, now, host, envelope, packet, verdict);
        act(envelope, verdict);
    }

    private void act(Envelope envelope, Verdict verdict) {
        world.trace().say(() -> id + ": " + envelope.segment() + ", " + text(envelope, verdict));
        switch (verdict) {
            case Verdict.Keep keep -> keep(envelope.segment(), keep.reason());
            case Verdict.Next next -> world.network().fromProxy(id, envelope.next(next));
            case Verdict.Rescue rescue -> world.network().fromProxy(id, envelope.rescued(rescue));
            case Verdict.Drop ignored -> {}
        }
    }

    private String text(Envelope envelope, Verdict verdict) {
        String stamp =
                "stamped g"
                        + envelope.route().stamp()
                        + ", installed g"
                        + (table == null ? 0 : table.generation())
                        + ": ";
        return stamp
                + switch (verdict) {
                    case Verdict.Keep keep -> keep.reason().name();
                    case Verdict.Next next -> "to " + world.nameOf(next.hop());
                    case Verdict.Rescue rescue ->
                            "rescued to " + rescue.hops().stream().map(world::nameOf).toList();
                    case Verdict.Drop drop -> drop.reason().name();
                };
    }

    private void keep(Segment segment, RedirectCounter reason) {
        if (reason == RedirectCounter.KEPT_LAST_RESORT) {
            world.invariants().lastResort(this, segment);
        }
        // From the driver to the socket layer: usually at once.
        long wait =
                dice.chance(world.network().backlog())
                        ? dice.between(0, Nanos.millis(900))
                        : 20 * Nanos.MICRO;
        world.after(
                wait,
                () -> {
                    if (up) {
                        kernel.receive(segment);
                    }
                });
    }

    /** A director's health probe. */
    boolean answersProbes() {
        return up && kernel.isListening();
    }

    @Override
    public String toString() {
        return id;
    }
}
