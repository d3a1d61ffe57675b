package dev.sluice.cluster.transition;

import dev.sluice.cluster.pool.Epoch;

/** How long a prepared change waits for directors and proxies both, for those who tell of it. */
public final class Patience {
    private Patience() {}

    /** Wall clock; from then on all of either tier are enough. */
    public static long endsUnixMs(Epoch pending) {
        return pending.phaseStartUnixMs() + CaughtUp.PATIENCE_MS;
    }
}
