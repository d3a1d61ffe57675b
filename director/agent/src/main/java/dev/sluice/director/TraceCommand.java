package dev.sluice.director;

import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.datapath.PinnedDatapath;
import dev.sluice.datapath.PinnedDirector;
import dev.sluice.datapath.bpf.DatapathException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Explains where this host's program sends a flow: the program runs on the pinned tables, the
 * agent's own snapshot of the pools explains what came out. Blocks; any thread.
 */
final class TraceCommand {
    private static final int TRIES = 10;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final DirectorConfig config;

    TraceCommand(DirectorConfig config) {
        this.config = config;
    }

    /**
     * @throws IOException if there is no datapath here, or a change does not come to its end
     */
    Trace carryOut(FlowKey flow) throws IOException, InterruptedException {
        for (int i = 1; ; i++) {
            List<PoolState> pools = SnapshotFile.in(config.node().state()).load().pools();
            Map<String, Long> installed = installed();
            Trace trace = Trace.of(pools, flow, run(flow));
            // Between an installation and its snapshot the two are of different generations.
            boolean isSteady = areInstalled(pools, installed) && installed.equals(installed());
            if (trace.agrees() || isSteady) {
                return trace;
            }
            if (i == TRIES) {
                throw new IOException(
                        "the kernel forwards by generations "
                                + installed
                                + ", and the snapshot is not of these: ask again in a moment");
            }
            Thread.sleep(PAUSE);
        }
    }

    private static boolean areInstalled(List<PoolState> pools, Map<String, Long> installed) {
        return pools.stream()
                .allMatch(p -> Objects.equals(installed.get(p.name()), p.generation()));
    }

    private Trace.Program run(FlowKey flow) throws IOException {
        try (PinnedDirector director = PinnedDirector.open(pins())) {
            return Trace.Program.of(director.run(FirstPacket.of(flow)));
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Map<String, Long> installed() throws IOException {
        try (var datapath = PinnedDatapath.director(pins())) {
            return datapath.installed();
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Path pins() {
        return config.node().datapath().pins();
    }
}
