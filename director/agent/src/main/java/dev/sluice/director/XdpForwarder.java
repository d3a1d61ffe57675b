package dev.sluice.director;

import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.node.NodeConfig.Transmit;
import dev.sluice.cluster.node.NodeConfig.Xdp;
import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.packet.DirectorCounter;
import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ChainTable;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.datapath.DirectorDatapath;
import dev.sluice.datapath.DirectorDatapathSpec;
import dev.sluice.datapath.PinnedDatapath;
import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.datapath.bpf.XdpMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Forwarding by XDP in this host's kernel. Owned by the thread that opened it. */
final class XdpForwarder implements Forwarder {
    private final DirectorDatapath datapath;

    private XdpForwarder(DirectorDatapath datapath) {
        this.datapath = datapath;
    }

    /** Starts forwarding, or takes over what an earlier process left pinned. */
    static XdpForwarder open(DirectorConfig config) throws IOException {
        NodeConfig.Datapath datapath = config.node().datapath();
        DirectorDatapathSpec spec =
                new DirectorDatapathSpec(
                        datapath.device(),
                        datapath.pins(),
                        config.underlay(),
                        transmit(datapath.transmit()),
                        mode(datapath.xdp()));
        SnapshotFile snapshot = SnapshotFile.in(config.node().state());
        try {
            return new XdpForwarder(
                    DirectorDatapath.open(spec, () -> tables(snapshot, config.unsafeChainHops())));
        } catch (DatapathException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * What an older version forwarded by, for all that is known: nothing if some packets carry no
     * generation, for nobody finds a flow that a snapshot which could not be saved of late sends
     * astray (C17).
     */
    private static List<ForwardingTable> tables(SnapshotFile snapshot, int chainHops) {
        List<PoolState> pools = snapshot.load().pools();
        return pools.stream().anyMatch(pool -> pool.spec().wire() == Wire.GLB)
                ? List.of()
                : pools.stream().map(pool -> ChainTable.of(pool).unsafelyCutTo(chainHops)).toList();
    }

    /** Generations by pool of what stands pinned, without taking it over. */
    static Map<String, Long> pinned(Path pins) throws IOException {
        if (!Files.exists(pins.resolve("config"))) {
            return Map.of();
        }
        try (PinnedDatapath<DirectorCounter> pinned = PinnedDatapath.director(pins)) {
            return pinned.installed();
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static dev.sluice.datapath.Transmit transmit(Transmit transmit) {
        return switch (transmit) {
            case GATEWAY -> dev.sluice.datapath.Transmit.toSender();
            case FIB -> dev.sluice.datapath.Transmit.byRoutes();
        };
    }

    private static XdpMode mode(Xdp xdp) {
        return switch (xdp) {
            case AUTO -> XdpMode.AUTO;
            case GENERIC -> XdpMode.GENERIC;
        };
    }

    @Override
    public String name() {
        return "xdp";
    }

    @Override
    public Map<String, Long> installed() throws IOException {
        try {
            return datapath.installed();
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void install(ForwardingTable table) throws IOException {
        try {
            datapath.install(table);
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        datapath.close();
    }
}
