package dev.sluice.simulation;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;

import java.util.List;

/** What rule 8 forbids. */
final class Takebacks {
    private Takebacks() {}

    /** The newest live epoch is gone, as if it had never been committed. */
    static PoolState withoutNewest(PoolState state) {
        List<Epoch> live = state.live().subList(1, state.live().size());
        return new PoolState(
                state.name(),
                state.generation() + 1,
                state.spec(),
                state.proxies(),
                live,
                state.pending(),
                state.nextEpochId());
    }
}
