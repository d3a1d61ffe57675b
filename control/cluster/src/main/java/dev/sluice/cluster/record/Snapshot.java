package dev.sluice.cluster.record;

import dev.sluice.cluster.pool.PoolState;

import java.util.List;
import java.util.Optional;

/** The restart memory of a director or proxy host, kept on its own disk. */
public record Snapshot(List<PoolState> pools, Optional<ConfigRevision> activeRevision) {
    public Snapshot {
        pools = List.copyOf(pools);
    }
}
