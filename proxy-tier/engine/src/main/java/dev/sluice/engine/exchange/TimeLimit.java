package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time that a request has as a whole. Confined to its event loop. */
final class TimeLimit {
    private @Nullable ScheduledFuture<?> task;

    /** By the route, or by the client itself if it is in a greater hurry. */
    void begin(EventLoop loop, Route route, Fields request, Runnable passed) {
        long asked = Grpc.timeoutNanos(request);
        long nanos = route.requestTimeout().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        nanos = asked == 0 ? nanos : Math.min(asked, nanos);
        if (nanos != Long.MAX_VALUE) {
            task = loop.schedule(passed, nanos, TimeUnit.NANOSECONDS);
        }
    }

    void cancel() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }
}
