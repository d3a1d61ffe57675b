package dev.sluice.engine.codec;

import java.util.concurrent.TimeUnit;

/** How fast a drain closes what is idle. */
public final class DrainPace {
    /**
     * A connection that was used just now will be used again just now: it gets its {@code
     * Connection: close} with the next response, and is closed only once it was quiet for so long.
     */
    public static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Idle connections are closed over this time, so that their clients do not all return at once.
     */
    public static final long SPREAD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private DrainPace() {}
}
