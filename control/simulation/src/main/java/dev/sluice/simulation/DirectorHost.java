package dev.sluice.simulation;

import dev.sluice.cluster.agent.DirectorEffect;
import dev.sluice.cluster.agent.DirectorObservation;
import dev.sluice.cluster.agent.DirectorObservation.HopProbed;
import dev.sluice.cluster.agent.DirectorState;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.table.ForwardingTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A director's machine: the kernel's table, which outlives the process, the disk, which outlives
 * the machine's power, and the process.
 */
final class DirectorHost {
    private static final long PROBE_NANOS = Nanos.millis(500);

    private final World world;
    private final String id;
    private final Address address;
    private final List<PoolState> snapshots = new ArrayList<>();
    private final Dice dice;
    private boolean up = true;
    private boolean diskFull;
    private long installNanos;
    private @Nullable ForwardingTable table;
    private @Nullable DirectorProcess process;

    DirectorHost(World world, String id, Address address) {
        this.world = world;
        this.id = id;
        this.address = address;
        this.dice = world.dice(id);
    }

    String id() {
        return id;
    }

    boolean isUp() {
        return up;
    }

    boolean isRunning() {
        return process != null;
    }

    /** What the kernel forwards by. */
    @Nullable ForwardingTable table() {
        return up ? table : null;
    }

    @Nullable DirectorProcess process() {
        return process;
    }

    /** The process starts; on a host that was off, with an empty kernel. */
    void start(int snapshotsBack) {
        up = true;
        if (process != null) {
            return;
        }
        List<PoolState> snapshot = new ArrayList<>();
        if (!snapshots.isEmpty()) {
            snapshot.add(snapshots.get(Math.max(0, snapshots.size() - 1 - snapshotsBack)));
        }
        Map<String, Long> inKernel =
                table == null ? Map.of() : Map.of(table.pool(), table.generation());
        process = new DirectorProcess(world, this);
        world.trace().say(() -> id + " starts, snapshot " + generations(snapshot));
        process.begin(new DirectorObservation.Started(snapshot, inKernel));
        if (world.boundary().isOff(Guard.ANNOUNCE_AFTER_READ) && table == null) {
            snapshot.forEach(state -> install(world.table(state)));
            announce();
        }
    }

    /** Starts with the disk of an earlier day. */
    void startAsOf(long generation) {
        long later = snapshots.stream().filter(s -> s.generation() > generation).count();
        start((int) later);
    }

    private static String generations(List<PoolState> states) {
        return states.stream().map(s -> "g" + s.generation()).toList().toString();
    }

    /** The process dies; packets go on. */
    void crash() {
        if (process != null) {
            world.trace().say(() -> id + " process dies");
            process.kill();
            process = null;
        }
    }

    /** The machine loses power. */
    void powerOff() {
        if (up) {
            crash();
            world.trace().say(() -> id + " host is off");
            up = false;
            table = null;
            world.invariants().forget(id);
            world.router().lost(this);
        }
    }

    void diskFull(boolean full) {
        diskFull = full;
    }

    void slowInstalls(long nanos) {
        installNanos = nanos;
    }

    long installNanos() {
        return installNanos + dice.between(Nanos.millis(1), Nanos.millis(20));
    }

    /** The kernel's swap. */
    void install(ForwardingTable next) {
        if (!up) {
            return;
        }
        table = next;
        world.invariants().installed(id, next.generation());
        world.trace().say(() -> id + " installs g" + next.generation());
    }

    void save(PoolState state) {
        if (!diskFull) {
            snapshots.add(state);
        }
    }

    /** A client's packet. */
    void forward(Segment segment) {
        ForwardingTable now = table;
        if (!up || now == null) {
            return;
        }
        int row = segment.connection().row(now.spec());
        Chained chained = world.boundary().directorChain(this, now, row);
        long stamp = now.generation();
        Envelope sent = Envelope.of(segment, chained.hops(), stamp, 0, behind(chained));
        world.recorder().forwarded(world.nowNanos(), id, now, sent);
        world.network().fromDirector(id, sent);
    }

    /** The demoted proxies; none where the row kept its order, no open hop being reachable. */
    private Set<String> behind(Chained chain) {
        Set<String> away = demoted();
        return away.contains(world.nameOf(chain.hops().getFirst())) ? Set.of() : away;
    }

    void acknowledge(Map<String, Long> generations, Runnable onWritten) {
        DirectorProcess running = process;
        if (running != null) {
            running.store()
                    .publish(
                            Paths.director(id),
                            new DirectorRecord(id, address, generations, false),
                            false,
                            onWritten);
        }
    }

    /** Probes every proxy that the process knows, again and again. */
    void probe(DirectorProcess prober) {
        if (process != prober) {
            return;
        }
        DirectorState state = prober.state();
        for (Proxy proxy : state.proxies().values()) {
            boolean success = world.network().probe(id, proxy);
            prober.offer(new HopProbed(proxy.id(), success, success ? "" : "no answer"));
        }
        world.after(PROBE_NANOS, () -> probe(prober));
    }

    Set<String> demoted() {
        DirectorProcess running = process;
        return running == null ? Set.of() : running.demoted();
    }

    List<DirectorObservation> announce() {
        world.router().announce(this);
        world.trace().say(() -> id + " announces");
        return List.of();
    }

    /** For traces. */
    @Override
    public String toString() {
        return id;
    }

    /** Whether an effect is the swap. */
    static boolean isInstall(DirectorEffect effect) {
        return effect instanceof DirectorEffect.Install;
    }
}
