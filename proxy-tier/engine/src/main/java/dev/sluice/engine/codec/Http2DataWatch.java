package dev.sluice.engine.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Tells streams of their data that goes out: Netty's flow control does not say what of it still
 * waits. Confined to its connection's event loop.
 */
final class Http2DataWatch extends DecoratingHttp2FrameWriter {
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;

    Http2DataWatch(Http2Connection connection) {
        super(new DefaultHttp2FrameWriter());
        this.connection = connection;
        key = connection.newKey();
    }

    void watch(Http2Stream wire, Http2Movement movement) {
        wire.setProperty(key, movement);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        Http2Stream wire = connection.stream(streamId);
        Http2Movement movement = wire == null ? null : wire.getProperty(key);
        if (movement != null) {
            movement.onSent(data.readableBytes());
        }
        return super.writeData(ctx, streamId, data, padding, endStream, promise);
    }
}
