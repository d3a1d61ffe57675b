package dev.sluice.datapath;

import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.RedirectCounter;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.BpfProgram;

import java.util.Map;
import java.util.Set;

/**
 * The real redirect program, run on single frames without a device. Sockets are those of the
 * network namespace of the thread that runs it.
 */
final class LoadedRedirect implements AutoCloseable {
    private final BpfObject object = BpfObject.open(Program.class, Program.REDIRECT.resource());
    private final BpfProgram program;
    private final DatapathMaps maps;
    private final PoolTables tables;
    private final CounterMap counters;
    private Map<RedirectCounter, Long> counted = Map.of();

    LoadedRedirect(Address self, Transmit transmit) {
        this(Underlay.of(self), transmit, 0);
    }

    LoadedRedirect(Underlay self, Transmit transmit, int strayRate) {
        object.load();
        program = object.program(Program.REDIRECT.function());
        maps = DatapathMaps.of(Program.REDIRECT, object);
        config().write(Program.REDIRECT, self, transmit, strayRate);
        tables = new PoolTables(maps);
        counters = new CounterMap(maps.get("counters"));
    }

    private ConfigMap config() {
        return new ConfigMap(maps.get(DatapathMaps.CONFIG));
    }

    WatchMap watched() {
        return new WatchMap(maps.get("watched"), config());
    }

    void allow(Set<Address> peers, long untilKtimeNs) {
        new PeerMap(maps.get("peers")).write(peers);
        config().writeFilteringUntil(untilKtimeNs);
    }

    LeaseMap leases() {
        return new LeaseMap(maps.get(DatapathMaps.LEASES));
    }

    int install(ForwardingTable table, boolean confirmed) {
        int slot = tables.install(table);
        leases().put(slot, confirmed ? Long.MAX_VALUE : RedirectDatapath.UNCONFIRMED);
        return slot;
    }

    void remove(String pool) {
        tables.remove(pool);
    }

    FrameVerdict<RedirectCounter> run(byte[] frame) {
        Map<RedirectCounter, Long> before = counted;
        BpfProgram.Run run = program.run(frame);
        counted = counters.read(RedirectCounter.class);
        return Verdicts.of(run, RedirectCounter.class, before, counted);
    }

    @Override
    public void close() {
        maps.close();
        object.close();
    }
}
