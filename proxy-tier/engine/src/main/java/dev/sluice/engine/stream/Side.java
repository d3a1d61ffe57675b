package dev.sluice.engine.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;

/** One side of a splice: tells it what happens to its connection. */
final class Side extends ChannelInboundHandlerAdapter {
    private final Splice splice;
    private final boolean ofClient;
    private boolean sessionEnded;

    Side(Splice splice, boolean ofClient) {
        this.splice = splice;
        this.ofClient = ofClient;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        splice.onBytes(ofClient, (ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        splice.onReadComplete(ofClient);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        splice.onWritability(ofClient, ctx.channel().isWritable());
    }

    /**
     * The end of a TLS session is the end of what is said, as a FIN is in plaintext. A FIN without
     * it is not: anybody on the way can send one (RFC 8446 §6.1).
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent end) {
            if (end.isSuccess()) {
                sessionEnded = true;
                splice.onInputEnd(ofClient);
            }
        } else if (event instanceof ChannelInputShutdownEvent && !sessionEnded) {
            if (ctx.pipeline().get(SslHandler.class) == null) {
                splice.onInputEnd(ofClient);
            } else {
                splice.onFailure(ofClient);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        splice.onClosed(ofClient);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        splice.onFailure(ofClient);
    }
}
