package dev.sluice.engine.overload;

import dev.sluice.cluster.l7.Overload;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

/**
 * The heartbeat of one event loop: measures how late the loop is, decides what it sheds, and shows
 * a {@link Watchdog} that it lives. Confined to the loop, but for what the watchdog reads.
 */
public final class Pulse {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final EventLoop loop;
    private final Supplier<Overload> limits;
    private final LongUnaryOperator believed;
    private final Lag lag = new Lag();
    private final Shedding shedding = new Shedding();
    private long dueNanos;

    /** Written by the loop, read by the watchdog, as the thread. */
    private volatile long lastNanos;

    private volatile @Nullable Thread thread;

    /** Written by the loop, read by whoever asks for figures. */
    private volatile long lagNanos;

    /**
     * @param limits asked at every beat
     * @param believed what a beat's lateness is taken for
     */
    public Pulse(EventLoop loop, Supplier<Overload> limits, LongUnaryOperator believed) {
        this.loop = loop;
        this.limits = limits;
        this.believed = believed;
        lastNanos = loop.ticker().nanoTime();
    }

    /** Any thread; once. Ends with the loop. */
    public void start() {
        loop.execute(() -> {
            thread = Thread.currentThread();
            await();
        });
    }

    private void await() {
        long now = loop.ticker().nanoTime();
        lastNanos = now;
        dueNanos = now + BEAT_NANOS;
        if (!loop.isShuttingDown()) {
            loop.schedule(this::beat, BEAT_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void beat() {
        long late = loop.ticker().nanoTime() - dueNanos;
        lagNanos = lag.beat(believed.applyAsLong(late));
        if (shedding.look(lagNanos, limits.get())) {
            LOG.atWarn()
                    .addKeyValue("loop", name())
                    .addKeyValue("lagMillis", TimeUnit.NANOSECONDS.toMillis(lagNanos))
                    .addKeyValue("connections", shedding.ofConnections())
                    .addKeyValue("requests", shedding.ofRequests())
                    .log("overload-shedding");
        }
        await();
    }

    public boolean shedsConnections() {
        return shedding.ofConnections();
    }

    public boolean shedsRequests() {
        return shedding.ofRequests();
    }

    /** How late the loop is; any thread. */
    public long lagNanos() {
        return lagNanos;
    }

    long lastNanos() {
        return lastNanos;
    }

    /** Null before the loop has begun. */
    @Nullable Thread thread() {
        return thread;
    }

    private String name() {
        Thread known = thread;
        return known == null ? "" : known.getName();
    }
}
