package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfProgram;

import java.util.Map;

/** The real director program, run on single frames without a device, in the model's words. */
final class LoadedDirector implements AutoCloseable {
    private final DirectorTrial director;
    private Map<DirectorCounter, Long> counted = Map.of();

    LoadedDirector(Address source, Transmit transmit) {
        this(Underlay.of(source), transmit);
    }

    LoadedDirector(Underlay underlay, Transmit transmit) {
        director = new DirectorTrial(underlay, transmit);
    }

    PoolTables tables() {
        return director.tables();
    }

    WatchMap watched() {
        return director.watched();
    }

    DatapathMaps maps() {
        return director.maps();
    }

    void install(ForwardingTable table) {
        director.install(table);
    }

    FrameVerdict<DirectorCounter> run(byte[] frame) {
        Map<DirectorCounter, Long> before = counted;
        BpfProgram.Run run = director.run(frame);
        counted = director.counters();
        return Verdicts.of(run, DirectorCounter.class, before, counted);
    }

    @Override
    public void close() {
        director.close();
    }
}
