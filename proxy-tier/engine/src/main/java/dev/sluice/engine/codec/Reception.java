package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.Peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import java.util.Objects;

/**
 * Finds out which version of HTTP a client speaks, and leaves the connection to it: by ALPN over
 * TLS, by the first bytes in plaintext (RFC 9113 §3). Confined to the connection's event loop.
 */
public final class Reception extends ChannelInboundHandlerAdapter implements ClientConnection {
    private static final ByteBuf PREFACE =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf());

    private final Channel channel;
    private final Peer peer;
    private final ServerEnvironment environment;
    private final Deadline deadline;
    private ByteBuf first = Unpooled.EMPTY_BUFFER;
    private boolean left;

    private Reception(Channel channel, Peer peer, ServerEnvironment environment) {
        this.channel = channel;
        this.peer = peer;
        this.environment = environment;
        deadline = new Deadline(channel.eventLoop(), channel::close);
    }

    /** Adds what the listener's versions need at the end of the pipeline. */
    public static void install(Channel channel, Peer peer, ServerEnvironment environment) {
        Listener listener = environment.listener();
        if (!listener.speaks(HttpVersion.H2)) {
            Http1Server.install(channel, peer, environment);
        } else if (!peer.secure() && !listener.speaks(HttpVersion.H1)) {
            Http2Server.install(channel, peer, environment);
        } else {
            channel.pipeline().addLast(new Reception(channel, peer, environment));
        }
    }

    @Override
    public Peer peer() {
        return peer;
    }

    /** Nothing has begun; the deadline is near. */
    @Override
    public void drain(long idleNanos) {}

    @Override
    public void cut() {
        channel.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        environment.household().opened(this);
        deadline.in(environment.listener().timeouts().clientHeader().toNanos());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        leave();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave();
        ctx.fireChannelInactive();
    }

    private void leave() {
        if (!left) {
            left = true;
            deadline.cancel();
            environment.household().closed(this);
            first.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                agreed(ctx);
            } else {
                ctx.close();
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** A client that does not know ALPN speaks HTTP/1.1. */
    private void agreed(ChannelHandlerContext ctx) {
        SslHandler tls = Objects.requireNonNull(channel.pipeline().get(SslHandler.class));
        if (ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
            Http2Server.install(channel, peer, environment);
        } else if (environment.listener().speaks(HttpVersion.H1)) {
            Http1Server.install(channel, peer, environment);
        } else {
            ctx.close();
            return;
        }
        ctx.pipeline().remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        first = Unpooled.wrappedBuffer(first, (ByteBuf) message);
        int compared = Math.min(first.readableBytes(), PREFACE.readableBytes());
        boolean same = ByteBufUtil.equals(first, first.readerIndex(), PREFACE, 0, compared);
        if (same && compared < PREFACE.readableBytes()) {
            return;
        }
        if (same) {
            Http2Server.install(channel, peer, environment);
        } else {
            Http1Server.install(channel, peer, environment);
        }
        ByteBuf bytes = first;
        first = Unpooled.EMPTY_BUFFER;
        ctx.fireChannelRead(bytes);
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
