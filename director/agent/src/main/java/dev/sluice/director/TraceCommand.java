package dev.sluice.director;

import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.packet.FrameVerdict.Action;
import dev.sluice.cluster.packet.OuterHeaders;
import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.PinnedDatapath;
import dev.sluice.datapath.PinnedDirector;
import dev.sluice.datapath.bpf.BpfProgram;
import dev.sluice.datapath.bpf.DatapathException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Explains where this host's program sends a flow: the program runs on the pinned maps, the agent's
 * own snapshot of the pools explains the chain that came out.
 */
final class TraceCommand {
    private final DirectorConfig config;

    TraceCommand(DirectorConfig config) {
        this.config = config;
    }

    /**
     * Empty if the program leaves the flow to the kernel, as one of no pool's.
     *
     * @throws IOException if there is no datapath here, or it does what nothing here explains
     */
    Optional<Trace> carryOut(FlowKey flow) throws IOException {
        List<PoolState> pools = SnapshotFile.in(config.node().state()).load().pools();
        Optional<PoolState> pool = Trace.pool(pools, flow);
        BpfProgram.Run run = run(flow);
        if (run.action() == Action.PASS.number()) {
            return Optional.empty();
        }
        if (run.action() != Action.TX.number()) {
            throw new IOException(
                    "the program neither forwards this packet here nor passes it: action "
                            + run.action());
        }
        List<Address> sent = OuterHeaders.chain(run.frame());
        PoolState explained =
                pool.orElseThrow(() ->
                        new IOException(
                                "the program forwards to "
                                        + sent
                                        + ", and this director's snapshot has no such"
                                        + " bind"));
        requireInstalled(explained);
        return Optional.of(Trace.of(explained, flow, sent));
    }

    private BpfProgram.Run run(FlowKey flow) throws IOException {
        try (PinnedDirector director = PinnedDirector.open(pins())) {
            return director.run(FirstPacket.of(flow));
        } catch (DatapathException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void requireInstalled(PoolState pool) throws IOException {
        try (var datapath = PinnedDatapath.director(pins())) {
            long installed = datapath.installed().getOrDefault(pool.name(), 0L);
            if (installed != pool.generation()) {
                throw new IOException(
                        "pool "
                                + pool.name()
                                + ": the kernel forwards by generation "
                                + installed
                                + ", the snapshot is of generation "
                                + pool.generation()
                                + ": ask again in a moment");
            }
        }
    }

    private Path pins() {
        return config.node().datapath().pins();
    }
}
