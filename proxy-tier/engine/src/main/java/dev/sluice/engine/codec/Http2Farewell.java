package dev.sluice.engine.codec;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;

import java.util.concurrent.TimeUnit;

/**
 * How a client's HTTP/2 connection ends without losing a request (RFC 9113 §6.8): a first GOAWAY
 * asks the client to go elsewhere and still takes what is on its way; after a round trip a second
 * one says where the line is; when the streams are over the connection is closed. Confined to its
 * event loop.
 */
final class Http2Farewell {
    private static final long PING = 0x736c75696365L;

    /** For clients that do not answer pings. */
    private static final long LONGEST_ROUND_TRIP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        STAYING,
        ANNOUNCED,
        FINAL,
        LEFT
    }

    private final Http2Server server;
    private State state = State.STAYING;

    Http2Farewell(Http2Server server) {
        this.server = server;
    }

    /** The first step, at once; may be called again. */
    void begin() {
        if (state != State.STAYING || !server.channel().isActive()) {
            return;
        }
        state = State.ANNOUNCED;
        ChannelHandlerContext ctx = server.context();
        goAway(ctx, Integer.MAX_VALUE, Http2Error.NO_ERROR);
        server.encoder().writePing(ctx, false, PING, ctx.newPromise());
        server.flushSoon();
        server.channel()
                .eventLoop()
                .schedule(this::drawLine, LONGEST_ROUND_TRIP_NANOS, TimeUnit.NANOSECONDS);
    }

    void onPong(long data) {
        if (data == PING) {
            drawLine();
        }
    }

    private void drawLine() {
        if (state != State.ANNOUNCED || !server.channel().isActive()) {
            return;
        }
        state = State.FINAL;
        int last = server.connection().remote().lastStreamCreated();
        goAway(server.context(), last, Http2Error.NO_ERROR);
        server.flushSoon();
        leaveIfDone();
    }

    /** While the proxy drains, a connection that is new serves what comes, and goes. */
    void onStreamOpened() {
        if (server.environment().household().isDraining()) {
            begin();
        }
    }

    void onStreamClosed() {
        // The stream that is being closed still counts: look again once it is gone.
        if (state == State.FINAL && server.channel().isActive()) {
            server.channel().eventLoop().execute(this::leaveIfDone);
        }
    }

    /** The client says goodbye itself. */
    void onGoAway() {
        if (state == State.STAYING) {
            state = State.FINAL;
        }
        server.channel().eventLoop().execute(this::leaveIfDone);
    }

    private void leaveIfDone() {
        if (state == State.FINAL && server.connection().numActiveStreams() == 0) {
            server.leave(Http2Error.NO_ERROR);
        }
    }

    /** Says the last word; the connection is closed behind it. */
    void last(ChannelHandlerContext ctx, Http2Error why) {
        boolean said = state == State.FINAL && server.connection().goAwaySent();
        state = State.LEFT;
        if (!said || why != Http2Error.NO_ERROR) {
            goAway(ctx, server.connection().remote().lastStreamCreated(), why);
        }
    }

    /** Written past Netty's handler, which would close the connection before it was read. */
    private void goAway(ChannelHandlerContext ctx, int lastStream, Http2Error why) {
        try {
            server.connection().goAwaySent(lastStream, why.code(), Unpooled.EMPTY_BUFFER);
        } catch (io.netty.handler.codec.http2.Http2Exception e) {
            throw new IllegalStateException(e);
        }
        server.encoder()
                .frameWriter()
                .writeGoAway(ctx, lastStream, why.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    }
}
