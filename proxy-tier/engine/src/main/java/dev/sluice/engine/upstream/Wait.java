package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.EndpointLimits;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * A search's time in the line. Confined to its event loop, but for what the line does with it under
 * its lock: a place is taken by whoever has it to give, and heard of on the loop.
 */
final class Wait {
    private final Search search;
    private final WaitingLine line;
    private final EventLoop loop;
    private final Waiter waiter;
    private final long beganNanos;
    private @Nullable ScheduledFuture<?> limit;
    private boolean over;

    Wait(Search search, WaitingLine line, EventLoop loop, Waiter waiter) {
        this.search = search;
        this.line = line;
        this.loop = loop;
        this.waiter = waiter;
        beganNanos = loop.ticker().nanoTime();
    }

    void begin(EndpointLimits limits) {
        if (!line.join(this, limits.queue())) {
            over = true;
            // All in the line may wait for an endpoint that this one need not go to.
            if (takePlace()) {
                waiter.onPlace(search.at());
            } else {
                line.onFull();
                waiter.onLineFull();
            }
            return;
        }
        limit = loop.schedule(this::onLate, limits.queueTimeout().toNanos(), TimeUnit.NANOSECONDS);
        // Whoever left in between saw nobody waiting.
        line.serve();
    }

    /** It waits no more, or wants nothing of the place that it may have. */
    void end() {
        if (!over) {
            over = true;
            cancelLimit();
            line.leave(this);
        }
    }

    private void cancelLimit() {
        if (limit != null) {
            limit.cancel(false);
        }
    }

    private void onLate() {
        if (!over && line.giveUp(this)) {
            over = true;
            waiter.onWaitedTooLong();
        }
    }

    // ---- by the line, under its lock

    boolean takePlace() {
        return search.take(loop.ticker().nanoTime());
    }

    /** It waits for one endpoint, and that has no place. */
    boolean isHopeless() {
        return search.isHopeless();
    }

    /** Whether others may find a place where this one does not. */
    boolean isChoosy() {
        return search.isChoosy();
    }

    long sinceNanos() {
        return loop.ticker().nanoTime() - beganNanos;
    }

    void call() {
        loop.execute(this::onPlace);
    }

    private void onPlace() {
        if (!over) {
            over = true;
            cancelLimit();
            waiter.onPlace(search.at());
        }
    }
}
