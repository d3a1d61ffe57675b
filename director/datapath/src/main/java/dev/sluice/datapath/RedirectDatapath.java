package dev.sluice.datapath;

import static java.util.stream.Collectors.toSet;

import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Proxy;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.ForwardingTable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A proxy host's second chance in the kernel. Owned by the thread that opened it; sockets are
 * looked up in the network namespace of the device.
 *
 * <p>Closing it, or the death of the process, stops nothing: program, link and maps are pinned, and
 * the next {@link #open} on the same pins takes them over without losing a packet. {@link #destroy}
 * ends it.
 */
public final class RedirectDatapath implements AutoCloseable {
    /** A table is not confirmed. */
    public static final long UNCONFIRMED = 0;

    private final OwnerThread owner = new OwnerThread();
    private final RedirectDatapathSpec spec;
    private final DirectoryLock lock;
    private final DatapathMaps maps;
    private final PoolTables tables;
    private final LeaseMap leases;
    private final WatchMap watched;
    private final ConfigMap config;
    private final PeerMap peers;
    private final Map<String, Set<Address>> members = new HashMap<>();
    private Set<Address> senders = Set.of();

    private RedirectDatapath(RedirectDatapathSpec spec, DirectoryLock lock, DatapathMaps maps) {
        this.spec = spec;
        this.lock = lock;
        this.maps = maps;
        this.tables = new PoolTables(maps);
        this.leases = new LeaseMap(maps.get(DatapathMaps.LEASES));
        this.config = new ConfigMap(maps.get(DatapathMaps.CONFIG));
        this.watched = new WatchMap(maps.get("watched"), config);
        this.peers = new PeerMap(maps.get("peers"));
    }

    /**
     * Starts the redirect, or takes over what an earlier process left pinned.
     *
     * @throws IncompatibleLayoutException if that was an incompatible version
     * @throws dev.sluice.datapath.bpf.DatapathException if the kernel refuses, or another process
     *     has these pins
     */
    public static RedirectDatapath open(RedirectDatapathSpec spec) {
        return open(spec, List::of);
    }

    /**
     * The same, which goes on without a lost packet also where an older version made the pins.
     * Counters begin anew then.
     *
     * @param known the tables that this host worked with last; asked for only then
     * @throws IllegalArgumentException if one of them holds what this datapath cannot do
     */
    public static RedirectDatapath open(
            RedirectDatapathSpec spec, Supplier<List<ForwardingTable>> known) {
        // Before the lock, whose folder would be left behind by a device that is not there.
        Underlay underlay = Devices.withMtu(spec.underlay(), spec.device());
        DirectoryLock lock = PinnedProgram.lock(spec.pinDirectory());
        try {
            DatapathMaps maps =
                    new PinnedProgram(
                                    Program.REDIRECT,
                                    spec.pinDirectory(),
                                    spec.device(),
                                    spec.mode(),
                                    spec.strayRate(),
                                    spec.clampsMss())
                            .open(underlay, spec.transmit(), known);
            return new RedirectDatapath(spec, lock, maps);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Makes a table the one that packets meet, in one step; if that fails, the one before stays.
     *
     * @param selfProxyId this host's proxy; it need not be in the table
     * @throws IllegalArgumentException if the table has that proxy at another address, or a greater
     *     generation is installed, or the table holds what this datapath cannot do
     */
    public void install(ForwardingTable table, String selfProxyId) {
        owner.check();
        table.proxies().stream()
                .filter(p -> p.id().equals(selfProxyId))
                .forEach(this::requireOwnAddress);
        table.proxies().forEach(proxy -> spec.underlay().towards(proxy.address()));
        tables.install(table);
        members.put(table.pool(), table.proxies().stream().map(Proxy::address).collect(toSet()));
        writePeers();
        if (spec.transmit() instanceof Transmit.Fib) {
            Neighbours.ask(
                    table.proxies().stream().filter(p -> !p.id().equals(selfProxyId)).toList());
        }
    }

    private void requireOwnAddress(Proxy self) {
        if (!spec.underlay().has(self.address())) {
            throw new IllegalArgumentException(
                    "proxy "
                            + self.id()
                            + " has address "
                            + self.address()
                            + " in the table, and this host has "
                            + spec.underlay());
        }
    }

    /** Packets of the pool's binds are dropped from here on. */
    public void remove(String pool) {
        owner.check();
        int slot = tables.remove(pool);
        if (slot >= 0) {
            leases.put(slot, UNCONFIRMED);
            members.remove(pool);
            writePeers();
        }
    }

    /**
     * Takes encapsulated packets from these and from the members of installed pools only, and drops
     * those of others ({@link RedirectCounter#DROP_SOURCE}), for as long as {@link #confirmAll}
     * says next. A host that has not heard from the cluster of late lets everybody send.
     *
     * @param addresses on the underlay: all directors, and proxies of pools that are not installed
     *     yet; empty: everybody may send again, at once
     */
    public void allowSenders(Set<Address> addresses) {
        owner.check();
        senders = Set.copyOf(addresses);
        writePeers();
        if (senders.isEmpty()) {
            config.writeFilteringUntil(UNCONFIRMED);
        }
    }

    /** After a takeover, until the senders are said anew, those of before may send too. */
    private void writePeers() {
        Set<Address> all = new HashSet<>(senders);
        members.values().forEach(all::addAll);
        if (senders.isEmpty()) {
            all.addAll(peers.read());
        }
        peers.write(all);
    }

    /**
     * Says how long a pool's table may be taken for current (PROTOCOL rule 20); without that an
     * unknown packet on the last hop is dropped, not reset.
     *
     * @param untilKtimeNs on the clock of {@link KernelClock}; {@link #UNCONFIRMED} ends it now
     */
    public void confirm(String pool, long untilKtimeNs) {
        owner.check();
        int slot =
                tables.slot(pool)
                        .orElseThrow(() ->
                                new IllegalArgumentException("pool " + pool + " is not installed"));
        leases.put(slot, untilKtimeNs);
    }

    /** {@link #confirm(String, long)} for every installed pool, and for who may send. */
    public void confirmAll(long untilKtimeNs) {
        owner.check();
        tables.slots().forEach(slot -> leases.put(slot, untilKtimeNs));
        config.writeFilteringUntil(senders.isEmpty() ? UNCONFIRMED : untilKtimeNs);
    }

    /** Generations by pool, read from the kernel. */
    public Map<String, Long> installed() {
        owner.check();
        return tables.installed();
    }

    /** Packets since the pins were made. */
    public Map<RedirectCounter, Long> counters() {
        owner.check();
        return new CounterMap(maps.get("counters")).read(RedirectCounter.class);
    }

    /** The same by pool. */
    public Map<String, Map<RedirectCounter, Long>> poolCounters() {
        owner.check();
        return tables.poolCounters(RedirectCounter.class);
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

    /** Lets go of the kernel's objects; they go on working. */
    @Override
    public void close() {
        owner.check();
        maps.close();
        lock.close();
    }

    /** Stops the redirect and removes every trace. */
    public void destroy() {
        maps.close();
        unpin(spec.pinDirectory());
        close();
    }

    /** Stops the redirect that a proxy host left pinned; nothing happens if there is none. */
    public static void unpin(Path pinDirectory) {
        PinnedProgram.end(Program.REDIRECT, pinDirectory);
    }
}
