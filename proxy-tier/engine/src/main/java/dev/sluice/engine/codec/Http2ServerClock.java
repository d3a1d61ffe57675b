package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Slowness;

import io.netty.handler.codec.http2.Http2Error;

/**
 * How long a client's HTTP/2 connection and its streams may take for what they are doing: one
 * deadline for all, which looks at each when it comes. Confined to the connection's event loop.
 */
final class Http2ServerClock {
    private final Http2Server server;
    private final Listener.Timeouts timeouts;
    private final Deadline deadline;
    private final Progress progress;
    private final long firstLookNanos;
    private final Look look = new Look();
    private boolean prefaceAwaited;
    private boolean headAwaited;
    private long headSinceNanos;
    private long idleSinceNanos;
    private boolean leaving;
    private boolean lingering;
    private long leastNanos;

    Http2ServerClock(Http2Server server, Listener listener) {
        this.server = server;
        timeouts = listener.timeouts();
        firstLookNanos = Math.min(timeouts.body().toNanos(), listener.rates().windowNanos());
        deadline = new Deadline(server.channel().eventLoop(), this::onDeadline);
        progress = new Progress(server.channel());
    }

    void awaitPreface() {
        prefaceAwaited = true;
        idleSinceNanos = server.nowNanos();
        deadline.in(timeouts.clientHeader().toNanos());
    }

    void onRead(boolean withinHead) {
        if (withinHead && !headAwaited) {
            headSinceNanos = server.nowNanos();
            deadline.within(timeouts.clientHeader().toNanos());
        }
        headAwaited = withinHead;
    }

    void onStreamOpened() {
        deadline.within(firstLookNanos);
    }

    void onStreamClosed() {
        if (!server.channel().isActive()) {
            return;
        }
        idleSinceNanos = server.nowNanos();
        deadline.within(timeouts.idle().toNanos());
    }

    /** What is written must go out. */
    void awaitClose() {
        leaving = true;
        progress.reset();
        deadline.in(firstLookNanos);
    }

    /** Only the client's own end is waited for. */
    void linger() {
        lingering = true;
        deadline.in(Lingering.NANOS);
    }

    void stop() {
        deadline.cancel();
    }

    private void onDeadline() {
        if (lingering || (prefaceAwaited && !server.decoder().prefaceReceived())) {
            if (!lingering) {
                server.environment().household().onSlow(Slowness.HEAD);
            }
            server.channel().close();
            return;
        }
        prefaceAwaited = false;
        if (leaving) {
            leastNanos = Long.MAX_VALUE;
            if (moves()) {
                deadline.in(leastNanos);
            }
            return;
        }
        long now = server.nowNanos();
        long headLeft = timeouts.clientHeader().toNanos() - (now - headSinceNanos);
        if (headAwaited && headLeft <= 0) {
            server.environment().household().onSlow(Slowness.HEAD);
            server.refused(Failure.CLIENT_TIMEOUT);
            server.leave(Http2Error.NO_ERROR);
            return;
        }
        leastNanos = headAwaited ? headLeft : Long.MAX_VALUE;
        if (server.connection().numActiveStreams() == 0) {
            lookAtIdle(now);
        } else {
            lookAtStreams(now);
        }
    }

    private void lookAtIdle(long now) {
        long idle = timeouts.idle().toNanos();
        if (server.environment().household().isDraining()) {
            idle = Math.min(idle, DrainPace.QUIET_NANOS);
        }
        long left = idle - (now - idleSinceNanos);
        if (left <= 0) {
            server.leave(Http2Error.NO_ERROR);
        } else {
            deadline.in(Math.min(leastNanos, left));
        }
    }

    private void lookAtStreams(long now) {
        // All of them at once, if the connection takes nothing.
        if (moves()) {
            server.frames()
                    .forEach(stream ->
                            leastNanos = Math.min(leastNanos, stream.look(now, timeouts)));
            deadline.in(leastNanos);
        }
    }

    /** Cuts off a client that takes nothing. */
    private boolean moves() {
        look.begin();
        progress.lookForStops(look, timeouts.body().toNanos(), false);
        leastNanos = Math.min(leastNanos, look.leftNanos());
        Slowness slow = look.slow();
        if (slow != null) {
            server.environment().household().onSlow(slow);
            Lingering.reset(server.channel());
        }
        return slow == null;
    }
}
