package dev.sluice.engine.codec;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * What the other side of a stream may still send: while the stream is paused it gets none of its
 * window back, so that no more than a window can wait. Confined to the connection's event loop.
 */
final class Http2Inflow {
    private final Http2ConnectionHandler handler;
    private final Runnable flush;
    private final Http2Stream wire;
    private boolean paused;
    private int heldBack;

    /**
     * Starts unpaused.
     *
     * @param flush what is written to the connection, unless that happens soon anyway
     */
    Http2Inflow(Http2ConnectionHandler handler, Runnable flush, Http2Stream wire) {
        this.handler = handler;
        this.flush = flush;
        this.wire = wire;
    }

    Http2Inflow(Http2Server server, Http2Stream wire) {
        this(server, server::flushSoon, wire);
    }

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
    }

    /** How many of the bytes may be sent again at once. */
    int take(int bytes) {
        if (!paused) {
            return bytes;
        }
        heldBack += bytes;
        return 0;
    }

    void resume() {
        paused = false;
        int bytes = heldBack;
        heldBack = 0;
        // A stream that is closed gave its bytes back already.
        if (bytes == 0 || wire.state() == Http2Stream.State.CLOSED) {
            return;
        }
        try {
            if (handler.decoder().flowController().consumeBytes(wire, bytes)) {
                flush.run();
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
