package dev.sluice.engine.codec;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/** Whether a stream still moves. Confined to its connection's event loop. */
final class Http2Movement {
    private final Http2ConnectionHandler handler;
    private final io.netty.util.concurrent.Ticker ticker;
    private final Http2Stream wire;
    private long lastReadNanos;
    private long lastWriteNanos;
    private long writtenBytes;
    private long seenWritten;
    private int seenWindow;

    Http2Movement(
            Http2ConnectionHandler handler,
            io.netty.util.concurrent.Ticker ticker,
            Http2Stream wire) {
        this.handler = handler;
        this.ticker = ticker;
        this.wire = wire;
        lastReadNanos = ticker.nanoTime();
        lastWriteNanos = lastReadNanos;
    }

    Http2Movement(Http2Server server, Http2Stream wire) {
        this(server, server.channel().eventLoop().ticker(), wire);
    }

    void onRead() {
        lastReadNanos = ticker.nanoTime();
    }

    void onWrite(int bytes) {
        writtenBytes += bytes;
    }

    /**
     * The time left until the stream counts as stalled; 0 or less if it does.
     *
     * @param reads whether the other side is the one to send
     */
    long left(long now, long limitNanos, boolean reads) {
        noteWrites(now);
        long writeLeft = limitNanos - (now - lastWriteNanos);
        long readLeft = reads ? limitNanos - (now - lastReadNanos) : limitNanos;
        return Math.min(writeLeft, readLeft);
    }

    /** Either way will do. */
    long tunnelLeft(long now, long limitNanos) {
        boolean wrote = noteWrites(now);
        long last = wrote ? now : lastReadNanos;
        return limitNanos - (now - last);
    }

    /** True if something went out since the last look. */
    private boolean noteWrites(long now) {
        Http2RemoteFlowController flow = handler.encoder().flowController();
        int window = flow.windowSize(wire);
        boolean moved = window != seenWindow || writtenBytes != seenWritten;
        if (moved || !flow.hasFlowControlled(wire)) {
            lastWriteNanos = now;
        }
        seenWindow = window;
        seenWritten = writtenBytes;
        return moved;
    }
}
