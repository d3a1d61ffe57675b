package dev.sluice.engine.codec;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * A moment that is moved far more often than it comes: moving it later only writes a field, because
 * the one scheduled task looks again when it runs. Confined to its event loop.
 */
public final class Deadline implements Runnable {
    private final EventLoop loop;
    private final Runnable passed;
    private boolean set;
    private long nanos;
    private @Nullable ScheduledFuture<?> task;
    private long taskNanos;

    public Deadline(EventLoop loop, Runnable passed) {
        this.loop = loop;
        this.passed = passed;
    }

    public void in(long durationNanos) {
        set = true;
        nanos = loop.ticker().nanoTime() + durationNanos;
        if (task == null || nanos - taskNanos < 0) {
            schedule(durationNanos);
        }
    }

    /** Like {@link #in}, but never later than what is set. */
    void within(long durationNanos) {
        if (!set || nanos - loop.ticker().nanoTime() > durationNanos) {
            in(durationNanos);
        }
    }

    void never() {
        set = false;
    }

    /** For the end of what it watches: lets go of the scheduled task. */
    public void cancel() {
        set = false;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    @Override
    public void run() {
        task = null;
        if (!set) {
            return;
        }
        long left = nanos - loop.ticker().nanoTime();
        if (left > 0) {
            schedule(left);
        } else {
            set = false;
            passed.run();
        }
    }

    private void schedule(long delayNanos) {
        if (task != null) {
            task.cancel(false);
        }
        taskNanos = loop.ticker().nanoTime() + delayNanos;
        task = loop.schedule(this, delayNanos, TimeUnit.NANOSECONDS);
    }
}
