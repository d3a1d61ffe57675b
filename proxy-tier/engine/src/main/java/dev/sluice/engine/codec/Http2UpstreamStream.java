package dev.sluice.engine.codec;

import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.UpstreamStream;
import dev.sluice.engine.http.WebSocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** One request on a {@link Http2Upstream}, and what comes back. */
final class Http2UpstreamStream implements UpstreamStream {
    private final Http2Upstream upstream;
    private final long timeoutNanos;
    private final boolean reused;
    private boolean opened;

    /** A frame of it came; a reset is an answer as well. */
    private boolean answered;

    private @Nullable RequestHead request;
    private @Nullable Http2Stream wire;
    private @Nullable Http2Inflow inflow;
    private @Nullable Http2Movement movement;
    private final Look look = new Look();

    /** Null before the request and once it is over. */
    private @Nullable ResponseSink sink;

    private boolean requestComplete;
    private boolean headReceived;
    private boolean tunnel;
    private boolean bodiless;

    Http2UpstreamStream(Http2Upstream upstream, long timeoutNanos, boolean reused) {
        this.upstream = upstream;
        this.timeoutNanos = timeoutNanos;
        this.reused = reused;
    }

    // ---- the request

    @Override
    public boolean mayBeStale() {
        return reused && !answered;
    }

    @Override
    public boolean isAnswered() {
        return answered;
    }

    @Override
    public void open(RequestHead head, ResponseSink responses) {
        opened = true;
        request = head;
        sink = responses;
        requestComplete = !head.hasBody() && !head.asksForTunnel();
        upstream.onStreamOpened(timeoutNanos);
        if (head.asksForTunnel() && !upstream.takesTunnels()) {
            failSoon(Failure.TUNNEL_REFUSED);
            return;
        }
        int id = upstream.connection().local().incrementAndGetNextStreamId();
        upstream.encoder()
                .writeHeaders(
                        upstream.context(),
                        id,
                        Http2Heads.request(head),
                        0,
                        requestComplete,
                        upstream.context().newPromise());
        Http2Stream made = id < 0 ? null : upstream.connection().stream(id);
        if (made == null) {
            // The endpoint said goodbye since the place was given.
            failSoon(Failure.UPSTREAM_REFUSED);
            return;
        }
        wire = made;
        upstream.frames().put(made, this);
        inflow = new Http2Inflow(upstream, upstream::flushSoon, made);
        movement = upstream.watch(made);
    }

    /** The caller is not ready to hear of it yet. */
    private void failSoon(Failure why) {
        upstream.channel().eventLoop().execute(() -> fail(why));
    }

    private boolean isOpen() {
        return sink != null && wire != null;
    }

    @Override
    public void data(ByteBuf data) {
        if (!isOpen() || requestComplete || !data.isReadable()) {
            data.release();
            return;
        }
        moved().onTurn();
        writeData(data, false);
    }

    private void writeData(ByteBuf data, boolean last) {
        upstream.onWork();
        upstream.encoder()
                .writeData(
                        upstream.context(),
                        wired().id(),
                        data,
                        0,
                        last,
                        upstream.context().newPromise());
    }

    @Override
    public void end(Fields trailers) {
        boolean ofHead = !tunnel && Objects.requireNonNull(request).asksForTunnel();
        if (isOpen() && !requestComplete && !ofHead) {
            requestComplete = true;
            moved().onTurn();
            if (trailers.isEmpty()) {
                writeData(Unpooled.EMPTY_BUFFER, true);
            } else {
                upstream.encoder()
                        .writeHeaders(
                                upstream.context(),
                                wired().id(),
                                Http2Heads.trailers(trailers),
                                0,
                                true,
                                upstream.context().newPromise());
            }
        }
        flush();
    }

    @Override
    public void flush() {
        if (sink != null) {
            upstream.flushSoon();
        }
    }

    @Override
    public boolean isWritable() {
        return isOpen() && upstream.encoder().flowController().isWritable(wired());
    }

    @Override
    public void pause() {
        if (inflow != null) {
            inflow.pause();
        }
    }

    @Override
    public void resume() {
        if (isOpen() && inflow != null) {
            moved().onTurn();
            inflow.resume();
        }
    }

    @Override
    public void abort() {
        if (!opened) {
            opened = true;
            upstream.release();
            return;
        }
        sink = null;
        if (tunnel && requestComplete) {
            // Both sides have said their last word: it may still be on its way.
            return;
        }
        resetIfOpen(Http2Error.CANCEL);
    }

    private void resetIfOpen(Http2Error why) {
        Http2Stream on = wire;
        if (on != null && on.state() != Http2Stream.State.CLOSED) {
            upstream.reset(on, why);
        }
    }

    private Http2Stream wired() {
        return Objects.requireNonNull(wire);
    }

    private Http2Movement moved() {
        return Objects.requireNonNull(movement);
    }

    // ---- the response

    /** False if it is no head that can come here. */
    boolean onHead(Http2Headers headers, boolean ended) {
        answered = true;
        ResponseSink to = sink;
        if (to == null) {
            return true;
        }
        moved().onTurn();
        if (headReceived) {
            Http2Fields trailers = Http2Fields.of(headers);
            if (trailers == null || !ended) {
                return false;
            }
            HopByHop.dropFromTrailers(trailers);
            onEnd(trailers);
            return true;
        }
        ResponseHead head = Http2Heads.response(headers, Objects.requireNonNull(request));
        if (head == null) {
            return false;
        }
        if (head.isInformational()) {
            to.onInform(head);
            return !ended;
        }
        headReceived = true;
        tunnel = head.status() == 101;
        if (tunnel) {
            proveTunnel(head);
        }
        bodiless =
                head.status() == 204
                        || head.status() == 304
                        || Objects.requireNonNull(request).method().equals("HEAD");
        to.onResponse(head);
        if (ended) {
            onEnd(Http2ServerStream.NONE);
        }
        return true;
    }

    /** HTTP/2 needs no proof that the server meant it; the client may speak HTTP/1.1. */
    private void proveTunnel(ResponseHead head) {
        String key = Objects.requireNonNull(request).fields().get(Names.WEBSOCKET_KEY);
        if (key != null) {
            head.fields().set(Names.WEBSOCKET_ACCEPT, WebSocket.accept(key));
        }
    }

    boolean mayHaveData(ByteBuf data) {
        return headReceived && !(bodiless && data.isReadable());
    }

    /** Passes data on; how many of the bytes the endpoint may send again at once. */
    int onData(ByteBuf data, int bytes) {
        ResponseSink to = sink;
        if (to == null || !data.isReadable()) {
            return bytes;
        }
        moved().onRead(bytes);
        to.onResponseData(data.retain());
        return inflow == null ? bytes : inflow.take(bytes);
    }

    void onEnd(Fields trailers) {
        ResponseSink to = sink;
        sink = null;
        if (to == null) {
            return;
        }
        if (!requestComplete) {
            // The answer is there: the rest of the request is not sent.
            upstream.channel().eventLoop().execute(() -> resetIfOpen(Http2Error.NO_ERROR));
        }
        if (tunnel) {
            to.onUpstreamFailure(Failure.UPSTREAM_CLOSED);
        } else {
            to.onResponseEnd(trailers);
        }
    }

    void onReadComplete() {
        if (sink != null) {
            sink.onUpstreamReadComplete();
        }
    }

    void onWritable() {
        if (sink != null) {
            sink.onUpstreamWritable();
        }
    }

    void onReset(Failure why) {
        answered = true;
        fail(why);
    }

    void fail(Failure why) {
        ResponseSink to = sink;
        sink = null;
        if (to != null) {
            to.onUpstreamFailure(why);
        }
    }

    /** Ends it if the endpoint owes something for too long; otherwise when to look again. */
    long look(long now) {
        if (wire == null || (sink != null && tunnel)) {
            return timeoutNanos;
        }
        boolean owes = requestComplete && inflow != null && !inflow.isPaused();
        look.begin();
        moved().lookForStops(look, now, timeoutNanos, owes);
        if (look.slow() == null) {
            return look.leftNanos();
        }
        fail(Failure.UPSTREAM_TIMEOUT);
        resetIfOpen(Http2Error.CANCEL);
        return timeoutNanos;
    }
}
