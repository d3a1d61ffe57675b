package dev.sluice.engine.codec;

import dev.sluice.engine.http.Failure;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Takes the frames of a connection to an endpoint to their streams. Confined to its event loop. */
final class Http2UpstreamFrames extends Http2FrameAdapter {
    private final Http2Upstream upstream;
    private final Odd odd = new Odd();
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;

    Http2UpstreamFrames(Http2Upstream upstream) {
        this.upstream = upstream;
        connection = upstream.connection();
        key = connection.newKey();
        connection.remote().flowController().listener(this::onWritability);
        connection.addListener(
                new Http2ConnectionAdapter() {
                    @Override
                    public void onStreamClosed(Http2Stream wire) {
                        Http2UpstreamStream open = of(wire);
                        if (open != null) {
                            open.fail(isRefused(wire) ? REFUSED : Failure.UPSTREAM_CLOSED);
                        }
                        upstream.onStreamClosed();
                    }
                });
    }

    private static final Failure REFUSED = Failure.UPSTREAM_REFUSED;

    /** RFC 9113 §6.8: what is above the last stream of a GOAWAY was not looked at. */
    private boolean isRefused(Http2Stream wire) {
        return connection.goAwayReceived()
                && wire.id() > connection.local().lastStreamKnownByPeer();
    }

    private @Nullable Http2UpstreamStream of(@Nullable Http2Stream wire) {
        return wire == null ? null : wire.getProperty(key);
    }

    void put(Http2Stream wire, Http2UpstreamStream stream) {
        wire.setProperty(key, stream);
    }

    private List<Http2UpstreamStream> all() {
        List<Http2UpstreamStream> all = new ArrayList<>();
        try {
            connection.forEachActiveStream(wire -> {
                Http2UpstreamStream open = of(wire);
                if (open != null) {
                    all.add(open);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    void failAll(Failure why) {
        all().forEach(stream -> stream.fail(why));
    }

    /** Ends streams that do not move; says when to look again. */
    long look(long now, long mostNanos) {
        long left = mostNanos;
        for (Http2UpstreamStream stream : all()) {
            left = Math.min(left, stream.look(now));
        }
        return left;
    }

    void onBroken(Http2Exception.StreamException error) {
        Http2UpstreamStream open = of(connection.stream(error.streamId()));
        if (open != null) {
            open.fail(Failure.BAD_RESPONSE);
        }
    }

    private void onWritability(Http2Stream wire) {
        Http2UpstreamStream open = of(wire);
        if (open != null && open.isWritable()) {
            open.onWritable();
        }
    }

    /** What of a message is wrong. */
    Odd odd() {
        return odd;
    }

    // ---- frames

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean ended)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, ended);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean end)
            throws Http2Exception {
        Http2UpstreamStream open = of(connection.stream(streamId));
        if (open == null) {
            return;
        }
        upstream.onWork();
        upstream.touch(open);
        if (!open.onHead(headers, end)) {
            odd.set(headers);
            throw Http2Fields.malformed(streamId);
        }
    }

    @Override
    public int onDataRead(
            ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean ended)
            throws Http2Exception {
        int bytes = data.readableBytes() + padding;
        Http2UpstreamStream open = of(connection.stream(streamId));
        if (open == null) {
            return bytes;
        }
        upstream.onWork();
        upstream.touch(open);
        if (!open.mayHaveData(data)) {
            throw Http2Fields.malformed(streamId);
        }
        int consumed = open.onData(data, bytes);
        if (ended) {
            open.onEnd(Http2ServerStream.NONE);
        }
        return consumed;
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
        Http2UpstreamStream open = of(connection.stream(streamId));
        if (open != null) {
            boolean refused = errorCode == Http2Error.REFUSED_STREAM.code();
            open.onReset(refused ? REFUSED : Failure.UPSTREAM_CLOSED);
            upstream.touch(open);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        upstream.onSettings(settings);
    }

    @Override
    public void onGoAwayRead(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
        upstream.retire();
    }
}
