package dev.sluice.engine.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The right to one connection to an endpoint: first asked for, then held, then given back. Confined
 * to its event loop, but for what its {@link ConnectionLimit} does with it and its end.
 */
public final class Permit {
    private final ConnectionLimit limit;
    private final EventLoop loop;
    private final Object owner;
    private final int sharers;
    private final Consumer<Permit> granted;
    private final Runnable late;
    private final AtomicBoolean ended = new AtomicBoolean();
    private @Nullable ScheduledFuture<?> time;

    /** Nobody waits for it any more: it is held, or not wanted. */
    private boolean settled;

    Permit(
            ConnectionLimit limit,
            EventLoop loop,
            Object owner,
            int sharers,
            Consumer<Permit> granted,
            Runnable late) {
        this.limit = limit;
        this.loop = loop;
        this.owner = owner;
        this.sharers = sharers;
        this.granted = granted;
        this.late = late;
    }

    Object owner() {
        return owner;
    }

    int sharers() {
        return sharers;
    }

    void await(Duration timeout) {
        time = loop.schedule(this::onLate, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Any thread, under the limit's lock. */
    void grant() {
        if (!loop.isShuttingDown()) {
            loop.execute(this::onGranted);
        }
    }

    private void onGranted() {
        if (settled) {
            end();
        } else {
            settle();
            granted.accept(this);
        }
    }

    private void onLate() {
        if (!settled && limit.leave(this)) {
            settled = true;
            late.run();
        }
    }

    private void settle() {
        settled = true;
        if (time != null) {
            time.cancel(false);
        }
    }

    /** Of one that is still asked for: it is not wanted any more. False if it was granted. */
    boolean cancel() {
        if (settled) {
            return false;
        }
        settle();
        limit.leave(this);
        return true;
    }

    /** Ends with the connection that is being made. */
    public void endWith(ChannelFuture connecting) {
        connecting.channel().closeFuture().addListener(_ -> end());
        // A channel that never was has no end.
        connecting.addListener(made -> {
            if (!made.isSuccess()) {
                end();
            }
        });
    }

    /** Gives it back; once is enough. Any thread. */
    public void end() {
        if (ended.compareAndSet(false, true)) {
            limit.giveBack(this);
        }
    }
}
