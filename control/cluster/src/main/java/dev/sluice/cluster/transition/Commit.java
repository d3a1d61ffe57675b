package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;
import dev.sluice.cluster.pool.PoolState;

import java.util.ArrayList;
import java.util.List;

/** The live epochs once another one is the newest. */
final class Commit {
    private Commit() {}

    /** The deadline stays with the flows: those of the epoch that is replaced. */
    static List<Epoch> live(PoolState state, Epoch epoch, long nowUnixMs) {
        List<Epoch> live = new ArrayList<>();
        live.add(epoch.committed(state.generation() + 1, nowUnixMs));
        live.add(state.newest().replaced(epoch.deadlineUnixMs()));
        live.addAll(state.settling());
        return live;
    }
}
