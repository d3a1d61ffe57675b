package dev.sluice.proxy;

import dev.sluice.cluster.node.SnapshotFile;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.Snapshot;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a proxy host knows after a restart: installed pool states and the served configuration. */
final class Memory {
    private final SnapshotFile file;
    private final Map<String, PoolState> pools = new TreeMap<>();
    private Optional<ConfigRevision> revision;

    /** Reads what was kept last. */
    Memory(SnapshotFile file) {
        this.file = file;
        Snapshot snapshot = file.load();
        snapshot.pools().forEach(pool -> pools.put(pool.name(), pool));
        this.revision = snapshot.activeRevision();
    }

    synchronized Snapshot recall() {
        return new Snapshot(List.copyOf(pools.values()), revision);
    }

    /** Durable when it returns. Any thread. */
    synchronized void keep(PoolState pool) throws IOException {
        pools.put(pool.name(), pool);
        file.save(recall());
    }

    /** Durable when it returns. Any thread. */
    synchronized void keep(ConfigRevision served) throws IOException {
        revision = Optional.of(served);
        file.save(recall());
    }
}
