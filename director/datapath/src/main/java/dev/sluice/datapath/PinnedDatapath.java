package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.table.FlowKey;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Looks into a datapath that stands pinned on this host, without taking it over: for operators and
 * tests, beside the process that owns it. Owned by the thread that opened it.
 *
 * @param <C> the counters of its program
 */
public final class PinnedDatapath<C extends Enum<C>> implements AutoCloseable {
    private final OwnerThread owner = new OwnerThread();
    private final DatapathMaps maps;
    private final Class<C> counters;
    private final WatchMap watched;

    private PinnedDatapath(DatapathMaps maps, Class<C> counters) {
        this.maps = maps;
        this.counters = counters;
        this.watched =
                new WatchMap(maps.get("watched"), new ConfigMap(maps.get(DatapathMaps.CONFIG)));
    }

    /**
     * A director's.
     *
     * @throws IncompatibleLayoutException if another version made the pins
     * @throws dev.sluice.datapath.bpf.DatapathException if there are none
     */
    public static PinnedDatapath<DirectorCounter> director(Path pinDirectory) {
        return new PinnedDatapath<>(open(Program.DIRECTOR, pinDirectory), DirectorCounter.class);
    }

    /**
     * A proxy host's.
     *
     * @throws IncompatibleLayoutException if another version made the pins
     * @throws dev.sluice.datapath.bpf.DatapathException if there are none
     */
    public static PinnedDatapath<RedirectCounter> redirect(Path pinDirectory) {
        return new PinnedDatapath<>(open(Program.REDIRECT, pinDirectory), RedirectCounter.class);
    }

    private static DatapathMaps open(Program program, Path pinDirectory) {
        DatapathMaps.requireLayout(program, pinDirectory);
        return DatapathMaps.openPinned(program, pinDirectory);
    }

    /** Generations by pool. */
    public Map<String, Long> installed() {
        owner.check();
        return new PoolTables(maps).installed();
    }

    /** Packets of each pool. */
    public Map<String, Map<C, Long>> poolCounters() {
        owner.check();
        return new PoolTables(maps).poolCounters(counters);
    }

    /** Of a director: what came for each bind and was forwarded. */
    public Map<Bind, Traffic> bindTraffic() {
        owner.check();
        return new PoolTables(maps).bindTraffic();
    }

    /** Of a director: what was sent to each proxy as first hop, by its underlay address. */
    public Map<Address, Traffic> hopTraffic() {
        owner.check();
        return new PoolTables(maps).hopTraffic();
    }

    /** Packets since the pins were made. */
    public Map<C, Long> counters() {
        owner.check();
        return new CounterMap(maps.get("counters")).read(counters);
    }

    /** All of it, with the tables looked through once. */
    public Counts<C> counts() {
        owner.check();
        PoolTables tables = new PoolTables(maps);
        return new Counts<>(
                new CounterMap(maps.get("counters")).readUnclaimed(counters),
                tables.poolCounters(counters),
                tables.bindTraffic(),
                tables.hopTraffic());
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

    /** Lets go; the datapath goes on. */
    @Override
    public void close() {
        owner.check();
        maps.close();
    }
}
