package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.FrameVerdict;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.BpfProgram;

import java.util.Map;

/** The real director program, run on single frames without a device. */
final class LoadedDirector implements AutoCloseable {
    private final BpfObject object = BpfObject.open(Program.class, Program.DIRECTOR.resource());
    private final BpfProgram program;
    private final DatapathMaps maps;
    private final PoolTables tables;
    private final CounterMap counters;

    LoadedDirector(Address source, Transmit transmit) {
        object.load();
        program = object.program(Program.DIRECTOR.function());
        maps = DatapathMaps.of(Program.DIRECTOR, object);
        new ConfigMap(maps.get(DatapathMaps.CONFIG)).write(Program.DIRECTOR, source, transmit, 0);
        tables = new PoolTables(maps.get("pools"), maps.get("binds"));
        counters = new CounterMap(maps.get("counters"));
    }

    PoolTables tables() {
        return tables;
    }

    WatchMap watched() {
        return new WatchMap(maps.get("watched"), new ConfigMap(maps.get(DatapathMaps.CONFIG)));
    }

    DatapathMaps maps() {
        return maps;
    }

    void install(ForwardingTable table) {
        tables.install(table);
    }

    FrameVerdict<DirectorCounter> run(byte[] frame) {
        Map<DirectorCounter, Long> before = counters.read(DirectorCounter.class);
        BpfProgram.Run run = program.run(frame);
        return Verdicts.of(
                run, DirectorCounter.class, before, counters.read(DirectorCounter.class));
    }

    @Override
    public void close() {
        maps.close();
        object.close();
    }
}
