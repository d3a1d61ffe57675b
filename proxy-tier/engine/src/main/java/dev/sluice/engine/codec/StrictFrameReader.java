package dev.sluice.engine.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;

import org.jspecify.annotations.Nullable;

/**
 * Refuses heads on streams that are over, or were passed by: for Netty both are errors of that
 * stream alone, for RFC 9113 §5.1 they are the connection's; and one after its stream's end by the
 * code that belongs to it. Confined to its event loop.
 */
final class StrictFrameReader implements Http2FrameReader {
    /** How many closed streams are told from those that never were. */
    private static final int REMEMBERED = 128;

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final int[] closed = new int[REMEMBERED];
    private final boolean[] wasReset = new boolean[REMEMBERED];
    private int nextClosed;
    private @Nullable Http2FrameListener inner;
    private @Nullable Http2FrameListener checking;

    StrictFrameReader(Http2FrameReader reader, Http2Connection connection) {
        this.reader = reader;
        this.connection = connection;
        connection.addListener(
                new Http2ConnectionAdapter() {
                    @Override
                    public void onStreamClosed(Http2Stream stream) {
                        remember(stream);
                    }
                });
    }

    private void remember(Http2Stream stream) {
        int at = nextClosed++ % REMEMBERED;
        closed[at] = stream.id();
        wasReset[at] = stream.isResetSent();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The one and the same is meant.
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener)
            throws Http2Exception {
        Http2FrameListener to = checking;
        // Netty changes its listener once, after the first SETTINGS.
        if (to == null || inner != listener) {
            inner = listener;
            to = new Checking(listener);
            checking = to;
        }
        reader.readFrame(ctx, input, to);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private void checkHead(int streamId) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null && stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.STREAM_CLOSED, "A head after the end of its stream.");
        }
        if (stream != null || !connection.streamMayHaveExisted(streamId)) {
            return;
        }
        for (int i = 0; i < REMEMBERED; i++) {
            if (closed[i] == streamId) {
                if (wasReset[i]) {
                    // It may not have heard of that yet: Netty's answer will do.
                    return;
                }
                throw Http2Exception.connectionError(
                        Http2Error.STREAM_CLOSED, "A head on a stream that is over.");
            }
        }
        throw Http2Exception.connectionError(
                Http2Error.PROTOCOL_ERROR, "A stream below one that was opened before.");
    }

    /**
     * RFC 9112 §6.3 and RFC 9113 §8.1.1: of two lengths none is to be believed. Netty merges equal
     * ones into one, and refuses different ones at the right moment: so they are made to differ.
     */
    private static void tellLengthsApart(Http2Headers headers) {
        CharSequence first = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (first == null) {
            return;
        }
        boolean list = AsciiString.indexOf(first, ',', 0) >= 0;
        if (list || headers.getAll(HttpHeaderNames.CONTENT_LENGTH).size() > 1) {
            headers.add(HttpHeaderNames.CONTENT_LENGTH, "?");
        }
    }

    /** Looks at heads before Netty does. */
    private final class Checking extends Http2FrameListenerDecorator {
        Checking(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int padding,
                boolean ended)
                throws Http2Exception {
            checkHead(streamId);
            tellLengthsApart(headers);
            super.onHeadersRead(ctx, streamId, headers, padding, ended);
        }

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
            checkHead(streamId);
            tellLengthsApart(headers);
            super.onHeadersRead(
                    ctx, streamId, headers, dependency, weight, exclusive, padding, ended);
        }
    }
}
