package dev.sluice.datapath;

import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.packet.Underlay;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.bpf.BpfObject;
import dev.sluice.datapath.bpf.BpfProgram;

import java.util.Map;

/**
 * The director program as a director runs it, loaded with tables of its own and attached to
 * nothing: for explaining, measuring and testing. Touches no device and no pin. Owned by the thread
 * that loaded it.
 */
public final class DirectorTrial implements AutoCloseable {
    private final BpfObject object = BpfObject.open(Program.class, Program.DIRECTOR.resource());
    private final BpfProgram program;
    private final DatapathMaps maps;
    private final PoolTables tables;
    private final CounterMap counters;

    /**
     * @param source address of the director on the underlay, which has no MTU
     * @throws dev.sluice.datapath.bpf.DatapathException if the kernel refuses
     */
    public DirectorTrial(Address source, Transmit transmit) {
        this(Underlay.of(source), transmit);
    }

    /**
     * @throws dev.sluice.datapath.bpf.DatapathException if the kernel refuses
     */
    public DirectorTrial(Underlay underlay, Transmit transmit) {
        object.load();
        program = object.program(Program.DIRECTOR.function());
        maps = DatapathMaps.of(Program.DIRECTOR, object);
        new ConfigMap(maps.get(DatapathMaps.CONFIG)).write(Program.DIRECTOR, underlay, transmit, 0);
        tables = new PoolTables(maps);
        counters = new CounterMap(maps.get("counters"));
    }

    /** As {@link DirectorDatapath#install}. */
    public void install(ForwardingTable table) {
        tables.install(table);
    }

    public Map<DirectorCounter, Long> counters() {
        return counters.read(DirectorCounter.class);
    }

    /** What came for each bind and was forwarded. */
    public Map<Bind, Traffic> bindTraffic() {
        return tables.bindTraffic();
    }

    /** What was sent to each proxy as first hop, by its underlay address. */
    public Map<Address, Traffic> hopTraffic() {
        return tables.hopTraffic();
    }

    /** Runs the program on one frame, without a device. */
    public BpfProgram.Run run(byte[] frame) {
        return program.run(frame);
    }

    /** For tail calls. */
    public BpfProgram program() {
        return program;
    }

    DatapathMaps maps() {
        return maps;
    }

    PoolTables tables() {
        return tables;
    }

    WatchMap watched() {
        return new WatchMap(maps.get("watched"), new ConfigMap(maps.get(DatapathMaps.CONFIG)));
    }

    @Override
    public void close() {
        maps.close();
        object.close();
    }
}
