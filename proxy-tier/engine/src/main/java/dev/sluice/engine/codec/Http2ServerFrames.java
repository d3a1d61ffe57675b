package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.Http2Request;
import dev.sluice.engine.http.Intake;
import dev.sluice.engine.http.RequestHead;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Takes the frames of a client's connection to their streams, and begins streams. Confined to the
 * connection's event loop.
 */
final class Http2ServerFrames extends Http2FrameAdapter {
    /** How many more streams Netty admits, so that we can refuse them and still know them. */
    private static final int REFUSABLE_STREAMS = 100;

    /** How many streams that we ended are remembered. */
    private static final int REMEMBERED = 64;

    private final Http2Server server;
    private final Listener listener;
    private final Odd odd = new Odd();
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final int[] endedByUs = new int[REMEMBERED];
    private int nextEnded;

    Http2ServerFrames(Http2Server server) {
        this.server = server;
        listener = server.environment().listener();
        connection = server.connection();
        key = connection.newKey();
        connection.remote().flowController().listener(this::onWritability);
        connection.addListener(
                new Http2ConnectionAdapter() {
                    @Override
                    public void onStreamClosed(Http2Stream wire) {
                        Http2ServerStream open = of(wire);
                        if (open != null) {
                            open.onClosed(Failure.CLIENT_GONE);
                        }
                        server.clock().onStreamClosed();
                        server.farewell().onStreamClosed();
                    }
                });
        admit();
    }

    private void admit() {
        connection.remote().maxActiveStreams(listener.http2().streams() + REFUSABLE_STREAMS);
    }

    /** Of the streams that are on their way. */
    void forEach(Consumer<Http2ServerStream> action) {
        try {
            connection.forEachActiveStream(wire -> {
                Http2ServerStream open = of(wire);
                if (open != null) {
                    action.accept(open);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Http2ServerStream of(@Nullable Http2Stream wire) {
        return wire == null ? null : wire.getProperty(key);
    }

    void put(Http2Stream wire, Http2ServerStream stream) {
        wire.setProperty(key, stream);
    }

    private void onWritability(Http2Stream wire) {
        Http2ServerStream open = of(wire);
        if (open != null && open.isWritable()) {
            open.onWritable();
        }
    }

    // ---- resets

    /** A stream that we end: its client may not know yet. */
    void onReset(int streamId) {
        endedByUs[nextEnded++ % REMEMBERED] = streamId;
    }

    boolean wasReset(int streamId) {
        for (int ended : endedByUs) {
            if (ended == streamId) {
                return true;
            }
        }
        return false;
    }

    void onBroken(Http2Exception.StreamException error) {
        Http2ServerStream open = of(connection.stream(error.streamId()));
        if (open != null) {
            open.onClosed(Failure.MALFORMED);
        }
    }

    static boolean isOfHttp2(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof Http2Exception) {
                return true;
            }
        }
        return false;
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
        Http2Stream wire = Objects.requireNonNull(connection.stream(streamId));
        Http2ServerStream open = of(wire);
        Http2Fields fields = Http2Fields.of(headers);
        if (fields == null) {
            odd.set(headers);
            throw Http2Fields.malformed(streamId);
        }
        if (open != null) {
            HopByHop.dropFromTrailers(fields);
            open.onEnd(fields);
        } else if (connection.remote().numActiveStreams() > listener.http2().streams()) {
            refuseStream(wire);
        } else if (!server.environment().household().takesRequests()) {
            // No fault of the client's, which may ask another proxy: it is not held against it.
            server.refused(Failure.SHED);
            server.reset(wire, Http2Error.REFUSED_STREAM);
        } else {
            begin(wire, headers, fields, ended);
        }
    }

    /** RFC 9113 §5.1.2: the client may ask again. */
    private void refuseStream(Http2Stream wire) {
        if (!server.forcesTooMuch()) {
            server.reset(wire, Http2Error.REFUSED_STREAM);
        }
    }

    private void begin(Http2Stream wire, Http2Headers headers, Http2Fields fields, boolean ended)
            throws Http2Exception {
        Http2Request request = Http2Heads.request(headers);
        Intake intake =
                Intake.http2(
                        request,
                        fields,
                        ended,
                        server.peer(),
                        server.environment().listener().targets());
        Failure failure = limitFailure(request, fields);
        if (failure != null) {
            refuse(wire, headers, failure, ended);
            return;
        }
        switch (intake) {
            case Intake.Refused(Failure why) -> refuse(wire, headers, why, ended);
            case Intake.Taken(RequestHead head) when exceedsBodyLimit(head.bodyLength()) ->
                    refuse(wire, headers, Failure.BODY_TOO_LARGE, ended);
            case Intake.Taken(RequestHead head) -> {
                Http2ServerStream stream = Http2ServerStream.of(server, wire, ended);
                put(wire, stream);
                server.touch(stream);
                server.clock().onStreamOpened();
                server.farewell().onStreamOpened();
                stream.start(head, server.environment().handler(), server.peer());
            }
        }
    }

    private @Nullable Failure limitFailure(Http2Request request, Http2Fields fields) {
        Listener.Limits limits = listener.limits();
        String path = request.path();
        if (path != null && path.length() > limits.targetBytes()) {
            return Failure.TARGET_TOO_LONG;
        }
        boolean tooLarge =
                fields.bytes() > limits.headerBytes() || fields.lines() > limits.fields();
        return tooLarge ? Failure.HEADER_TOO_LARGE : null;
    }

    boolean exceedsBodyLimit(long bodyBytes) {
        return bodyBytes > listener.limits().bodyBytes().orElse(Long.MAX_VALUE);
    }

    /**
     * RFC 9113 §8.1.1: a malformed request is a stream error; what is only wrong gets an answer.
     */
    private void refuse(Http2Stream wire, Http2Headers headers, Failure why, boolean ended)
            throws Http2Exception {
        server.refused(why);
        switch (why) {
            case MALFORMED, BAD_HOST, BAD_FRAMING -> {
                odd.set(headers);
                throw Http2Fields.malformed(wire.id());
            }
            default -> {
                if (Capture.isOf(why)) {
                    odd.set(headers);
                    server.capture(why, "");
                }
                Http2ServerStream stream = Http2ServerStream.of(server, wire, ended);
                put(wire, stream);
                stream.refuse(Http2Heads.request(headers).method(), why);
            }
        }
    }

    @Override
    public int onDataRead(
            ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean ended)
            throws Http2Exception {
        int bytes = data.readableBytes() + padding;
        Http2ServerStream open = of(connection.stream(streamId));
        if (open == null) {
            return bytes;
        }
        server.touch(open);
        if (!open.mayHaveData()) {
            throw Http2Fields.malformed(streamId);
        }
        int consumed = open.onData(data, bytes);
        if (ended) {
            open.onEnd(Http2ServerStream.NONE);
        }
        return consumed;
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        // Netty takes the limit over from the settings.
        admit();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        server.farewell().onPong(data);
    }

    @Override
    public void onGoAwayRead(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
        // The client opens no more streams; those that are there go on.
        server.farewell().onGoAway();
    }
}
