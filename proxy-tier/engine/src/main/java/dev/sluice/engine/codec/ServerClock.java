package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.Slowness;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.FileRegion;

import org.jspecify.annotations.Nullable;

/**
 * How long a client's connection may take for what it is just doing, and whether it still moves.
 * Confined to its event loop.
 */
final class ServerClock {
    private final Listener.Timeouts timeouts;
    private final long firstLookNanos;
    private final Deadline deadline;
    private final Progress progress;
    private final Look look = new Look();

    /**
     * Stands still until it is told what to wait for.
     *
     * @param passed what is waited for has not come in time
     */
    ServerClock(Channel channel, Listener listener, Runnable passed) {
        timeouts = listener.timeouts();
        firstLookNanos = Math.min(timeouts.body().toNanos(), listener.rates().windowNanos());
        deadline = new Deadline(channel.eventLoop(), passed);
        progress =
                new Progress(
                        channel,
                        Pace.ofRequest(listener.rates()),
                        Pace.ofResponse(listener.rates()));
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
        deadline.in(firstLookNanos);
    }

    void beginTunnel() {
        progress.reset();
        deadline.in(timeouts.tunnel().toNanos());
    }

    /** What is written must go out. */
    void awaitClose() {
        progress.reset();
        deadline.in(firstLookNanos);
    }

    void in(long nanos) {
        deadline.in(nanos);
    }

    void stop() {
        deadline.cancel();
    }

    void onRead(int bytes) {
        progress.onRead(bytes);
    }

    /** The client may send again. */
    void onTurn() {
        progress.onTurn();
    }

    void onWrite(ByteBuf bytes) {
        progress.onWrite(bytes);
    }

    void onWrite(FileRegion region) {
        progress.onWrite(region);
    }

    /**
     * What an exchange's client is too slow with, if anything; otherwise it is looked at again.
     *
     * @param owes whether it is the client's turn to send
     * @param hurried whether it has to send at a minimum rate
     */
    @Nullable Slowness lookAtExchange(boolean owes, boolean hurried) {
        look.begin();
        progress.lookForStops(look, timeouts.body().toNanos(), owes);
        progress.lookAtPace(look, hurried);
        return lookAgain();
    }

    @Nullable Slowness lookAtTunnel() {
        look.begin();
        progress.lookAtTunnel(look, timeouts.tunnel().toNanos());
        return lookAgain();
    }

    private @Nullable Slowness lookAgain() {
        if (look.slow() == null) {
            deadline.in(look.leftNanos());
        }
        return look.slow();
    }
}
