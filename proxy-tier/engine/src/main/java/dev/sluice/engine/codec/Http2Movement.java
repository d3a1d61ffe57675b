package dev.sluice.engine.codec;

import dev.sluice.engine.http.Slowness;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Ticker;

/** Whether a stream still moves, and fast enough. Confined to its connection's event loop. */
final class Http2Movement {
    private final Http2ConnectionHandler handler;
    private final Ticker ticker;
    private final Http2Stream wire;
    private final Pace readPace;
    private final Pace writePace;
    private long lastReadNanos;
    private long lastWriteNanos;
    private long readBytes;
    private long sentBytes;
    private long seenSent;

    Http2Movement(
            Http2ConnectionHandler handler,
            Ticker ticker,
            Http2Stream wire,
            Pace readPace,
            Pace writePace) {
        this.handler = handler;
        this.ticker = ticker;
        this.wire = wire;
        this.readPace = readPace;
        this.writePace = writePace;
        lastReadNanos = ticker.nanoTime();
        lastWriteNanos = lastReadNanos;
    }

    /** It is the other side's turn to send, from now on. */
    void onTurn() {
        lastReadNanos = ticker.nanoTime();
        readPace.interrupt();
    }

    /** What was owed is there; when more comes is the other side's affair. */
    void onMessage() {
        readPace.interrupt();
    }

    void onRead(int bytes) {
        lastReadNanos = ticker.nanoTime();
        readBytes += bytes;
    }

    /** The other side's window let them go. */
    void onSent(int bytes) {
        sentBytes += bytes;
    }

    /** Looks whether either direction, as far as it is to move, stands still. */
    void lookForStops(Look look, long now, long limitNanos, boolean reads) {
        noteSent(now);
        if (!isWaiting()) {
            lastWriteNanos = now;
        }
        look.note(limitNanos - (now - lastWriteNanos), Slowness.RESPONSE_STOPPED);
        if (reads) {
            look.note(limitNanos - (now - lastReadNanos), Slowness.REQUEST_STOPPED);
        }
    }

    /** Looks whether they are too slow. */
    void lookAtPace(Look look, long now, boolean reads) {
        look.note(readPace.left(now, readBytes, reads), Slowness.REQUEST_RATE);
        look.note(writePace.left(now, sentBytes, isWaiting()), Slowness.RESPONSE_RATE);
    }

    /** Looks whether neither direction moves. */
    void lookAtTunnel(Look look, long now, long limitNanos) {
        noteSent(now);
        long last = Math.max(lastReadNanos, lastWriteNanos);
        look.note(limitNanos - (now - last), Slowness.TUNNEL_STOPPED);
    }

    private boolean isWaiting() {
        return handler.encoder().flowController().hasFlowControlled(wire);
    }

    private void noteSent(long now) {
        if (sentBytes != seenSent) {
            lastWriteNanos = now;
        }
        seenSent = sentBytes;
    }
}
