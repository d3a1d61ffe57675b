package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * How long a client's connection may take for what it is just doing, and whether it still moves.
 * Confined to its event loop.
 */
final class ServerClock {
    private final Listener.Timeouts timeouts;
    private final Deadline deadline;
    private final Progress progress;

    /**
     * Stands still until it is told what to wait for.
     *
     * @param passed what is waited for has not come in time
     */
    ServerClock(Channel channel, Listener.Timeouts timeouts, Runnable passed) {
        this.timeouts = timeouts;
        deadline = new Deadline(channel.eventLoop(), passed);
        progress = new Progress(channel);
    }

    void awaitHead() {
        deadline.in(timeouts.clientHeader().toNanos());
    }

    /** Between two requests. */
    void rest(boolean draining) {
        long idle = timeouts.idle().toNanos();
        deadline.in(draining ? Math.min(idle, DrainPace.QUIET_NANOS) : idle);
    }

    void beginExchange() {
        progress.reset();
        deadline.in(timeouts.body().toNanos());
    }

    void beginTunnel() {
        progress.reset();
        deadline.in(timeouts.tunnel().toNanos());
    }

    /** What is written must go out. */
    void awaitClose() {
        deadline.in(timeouts.body().toNanos());
    }

    void in(long nanos) {
        deadline.in(nanos);
    }

    void stop() {
        deadline.cancel();
    }

    void onRead() {
        progress.onRead();
    }

    void onWrite(ByteBuf bytes) {
        progress.onWrite(bytes);
    }

    /**
     * Whether an exchange has not moved for too long; otherwise it is looked at again later.
     *
     * @param clientOwes whether it is the client's turn to send
     */
    boolean isExchangeStalled(boolean clientOwes) {
        return isStalled(progress.left(timeouts.body().toNanos(), clientOwes));
    }

    boolean isTunnelStalled() {
        return isStalled(progress.left(timeouts.tunnel().toNanos(), true));
    }

    private boolean isStalled(long leftNanos) {
        if (leftNanos > 0) {
            deadline.in(leftNanos);
        }
        return leftNanos <= 0;
    }
}
