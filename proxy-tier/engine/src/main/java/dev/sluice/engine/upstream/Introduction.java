package dev.sluice.engine.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/** Puts a PROXY header ahead of the first bytes of a connection; nearest to the socket. */
final class Introduction extends ChannelOutboundHandlerAdapter {
    private final byte[] header;

    Introduction(byte[] header) {
        this.header = header;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(Unpooled.wrappedBuffer(header), ctx.voidPromise());
        ctx.write(message, promise);
        ctx.pipeline().remove(this);
    }
}
