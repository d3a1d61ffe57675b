package dev.sluice.engine.codec;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Tells when a connection is old, so that the tier in front gets to place its client anew. */
final class ConnectionAge {
    private static final double JITTER = 0.1;

    private ConnectionAge() {}

    /** Give or take a tenth: clients that came together must not all return together. */
    static void watch(Channel channel, Duration age, Runnable old) {
        long nanos = nanos(age, ThreadLocalRandom.current());
        ScheduledFuture<?> task = channel.eventLoop().schedule(old, nanos, TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(_ -> task.cancel(false));
    }

    /** The age that one connection gets. */
    static long nanos(Duration age, RandomGenerator random) {
        return (long) (age.toNanos() * (1 + JITTER * (2 * random.nextDouble() - 1)));
    }
}
