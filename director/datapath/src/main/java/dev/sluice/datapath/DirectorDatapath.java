package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A director's forwarding in the kernel. Owned by the thread that opened it.
 *
 * <p>Closing it, or the death of the process, stops nothing: program, link and maps are pinned and
 * go on with the tables they have, and the next {@link #open} on the same pins takes them over
 * without losing a packet. {@link #destroy} ends it.
 */
public final class DirectorDatapath implements AutoCloseable {
    private final OwnerThread owner = new OwnerThread();
    private final DirectorDatapathSpec spec;
    private final DirectoryLock lock;
    private final DatapathMaps maps;
    private final PoolTables tables;
    private final WatchMap watched;

    private DirectorDatapath(DirectorDatapathSpec spec, DirectoryLock lock, DatapathMaps maps) {
        this.spec = spec;
        this.lock = lock;
        this.maps = maps;
        this.tables = new PoolTables(maps);
        this.watched =
                new WatchMap(maps.get("watched"), new ConfigMap(maps.get(DatapathMaps.CONFIG)));
    }

    /**
     * Starts forwarding, or takes over what an earlier process left pinned.
     *
     * @throws IncompatibleLayoutException if that was an incompatible version
     * @throws dev.sluice.datapath.bpf.DatapathException if the kernel refuses, or another process
     *     has these pins
     */
    public static DirectorDatapath open(DirectorDatapathSpec spec) {
        return open(spec, List::of);
    }

    /**
     * The same, which goes on without a lost packet also where an older version made the pins.
     * Counters begin anew then.
     *
     * @param known the tables that this host worked with last; asked for only then
     * @throws IllegalArgumentException if one of them holds what this datapath cannot do
     */
    public static DirectorDatapath open(
            DirectorDatapathSpec spec, Supplier<List<ForwardingTable>> known) {
        // Before the lock, whose folder would be left behind by a device that is not there.
        Underlay underlay = Devices.withMtu(spec.underlay(), spec.device());
        DirectoryLock lock = PinnedProgram.lock(spec.pinDirectory());
        try {
            DatapathMaps maps =
                    new PinnedProgram(
                                    Program.DIRECTOR,
                                    spec.pinDirectory(),
                                    spec.device(),
                                    spec.mode(),
                                    0,
                                    false)
                            .open(underlay, spec.transmit(), known);
            return new DirectorDatapath(spec, lock, maps);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Makes a table the one that packets meet, in one step; if that fails, the one before stays.
     * Acknowledge its generation after this returned, not before.
     *
     * @throws IllegalArgumentException if a greater generation is installed, or the same one with
     *     other hops, or the table holds what this datapath cannot do
     */
    public void install(ForwardingTable table) {
        owner.check();
        table.proxies().forEach(proxy -> spec.underlay().towards(proxy.address()));
        tables.install(table);
        if (spec.transmit() instanceof Transmit.Fib) {
            Neighbours.ask(table.proxies());
        }
    }

    /** Packets of the pool's binds go to the kernel from here on. */
    public void remove(String pool) {
        owner.check();
        tables.remove(pool);
    }

    /** Generations by pool, read from the kernel. */
    public Map<String, Long> installed() {
        owner.check();
        return tables.installed();
    }

    /** Packets since the pins were made. */
    public Map<DirectorCounter, Long> counters() {
        owner.check();
        return new CounterMap(maps.get("counters")).read(DirectorCounter.class);
    }

    /** The same by pool. */
    public Map<String, Map<DirectorCounter, Long>> poolCounters() {
        owner.check();
        return tables.poolCounters(DirectorCounter.class);
    }

    /** What came for each bind and was forwarded. */
    public Map<Bind, Traffic> bindTraffic() {
        owner.check();
        return tables.bindTraffic();
    }

    /** What was sent to each proxy as first hop, by its address on the underlay. */
    public Map<Address, Traffic> hopTraffic() {
        owner.check();
        return tables.hopTraffic();
    }

    /** Counts what happens to the packets of a flow, until {@link #unwatch}. */
    public void watch(FlowKey flow) {
        owner.check();
        watched.watch(flow);
    }

    public void unwatch(FlowKey flow) {
        owner.check();
        watched.unwatch(flow);
    }

    public List<WatchedFlow> watched() {
        owner.check();
        return watched.read();
    }

    /** Lets go of the kernel's objects; they keep forwarding. */
    @Override
    public void close() {
        owner.check();
        maps.close();
        lock.close();
    }

    /** Stops forwarding and removes every trace. */
    public void destroy() {
        maps.close();
        unpin(spec.pinDirectory());
        close();
    }

    /** Stops the forwarding that a director left pinned; nothing happens if there is none. */
    public static void unpin(Path pinDirectory) {
        PinnedProgram.end(Program.DIRECTOR, pinDirectory);
    }
}
