package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.ErrorPage;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.Grpc;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHandler;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.RequestSink;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.Slowness;
import dev.sluice.engine.http.WebSocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** One request of a {@link Http2Server}, and its response. */
final class Http2ServerStream implements ClientStream {
    static final Fields NONE = new ListFields();

    private final Http2Server server;
    private final Http2Stream wire;
    private final Http2Inflow inflow;
    private final Http2Movement movement;
    private final Look look = new Look();
    private @Nullable RequestSink sink;

    /** Of a call of gRPC. */
    private @Nullable GrpcMessages messages;

    /** A head that waits for what follows: if that is the end, both go in one frame. */
    private @Nullable ResponseHead held;

    private boolean head;
    private boolean asksForTunnel;
    private boolean tunnel;
    private boolean bodiless;
    private boolean requestComplete;
    private boolean responseBegun;

    /** Nothing more is sent: the response is complete, or there is nobody to send it to. */
    private boolean over;

    private long bodyBytes;

    /** What a tunnel's server must prove to have read. */
    private String key = "";

    private Http2ServerStream(Http2Server server, Http2Stream wire, boolean ended) {
        this.server = server;
        this.wire = wire;
        inflow = new Http2Inflow(server, wire);
        movement = server.watch(wire);
        requestComplete = ended;
    }

    /**
     * Makes it.
     *
     * @param ended the request has no body
     */
    static Http2ServerStream of(Http2Server server, Http2Stream wire, boolean ended) {
        return new Http2ServerStream(server, wire, ended);
    }

    void start(RequestHead request, RequestHandler handler, Peer peer) {
        head = request.method().equals("HEAD");
        asksForTunnel = request.asksForTunnel();
        messages = Grpc.isCall(request.fields()) ? new GrpcMessages() : null;
        if (asksForTunnel) {
            key = WebSocket.newKey();
            request.fields().set(Names.WEBSOCKET_KEY, key);
        }
        RequestSink made = handler.onRequest(request, peer, this);
        sink = over ? null : made;
        // Of a tunnel's request the head is all there is; what follows is the tunnel's.
        if ((requestComplete || asksForTunnel) && sink != null) {
            sink.onEnd(NONE);
        }
    }

    /**
     * Answers a request that never became one.
     *
     * @param method if it is known
     */
    void refuse(@Nullable String method, Failure why) {
        head = "HEAD".equals(method);
        fail(why);
    }

    // ---- from the client

    /** RFC 8441 §5: there is no tunnel yet that it could go through. */
    boolean mayHaveData() {
        return !asksForTunnel || tunnel || over;
    }

    /**
     * Passes the data on.
     *
     * @param bytes of the window that it takes, padding included
     * @return those that the client may send again
     */
    int onData(ByteBuf data, int bytes) {
        movement.onRead(bytes);
        if (messages != null && messages.look(data)) {
            movement.onMessage();
        }
        bodyBytes += data.readableBytes();
        RequestSink to = sink;
        if (to == null || over || !data.isReadable()) {
            return bytes;
        }
        if (!tunnel && server.frames().exceedsBodyLimit(bodyBytes)) {
            onBroken(Failure.BODY_TOO_LARGE);
            return bytes;
        }
        to.onData(data.retain());
        return inflow.take(bytes);
    }

    void onEnd(Fields trailers) {
        requestComplete = true;
        RequestSink to = sink;
        if (to == null) {
            return;
        }
        if (tunnel) {
            // Each side's end is the other's as well: a WebSocket has said its goodbyes by then.
            to.onEnd(NONE);
        } else {
            to.onEnd(trailers);
        }
    }

    private void onBroken(Failure why) {
        RequestSink to = sink;
        fail(why);
        if (to != null) {
            to.onAbort(why);
        }
    }

    /** The stream is gone, or as good as gone. */
    void onClosed(Failure why) {
        over = true;
        held = null;
        RequestSink to = sink;
        sink = null;
        if (to != null) {
            to.onAbort(why);
        }
    }

    void onWritable() {
        if (sink != null) {
            sink.onWritable();
        }
    }

    void onReadComplete() {
        if (sink != null) {
            sink.onReadComplete();
        }
    }

    /** Ends it if it does not move; otherwise says when to look again. */
    long look(long now, Listener.Timeouts timeouts) {
        look.begin();
        if (tunnel) {
            movement.lookAtTunnel(look, now, timeouts.tunnel().toNanos());
        } else {
            boolean owes = !requestComplete && !over && !inflow.isPaused();
            movement.lookForStops(look, now, timeouts.body().toNanos(), owes);
            // While a response is on its way both sides may talk as they like, and a call of gRPC
            // may wait for its client's next message from the beginning.
            boolean mayWait = responseBegun || (messages != null && messages.isBetween());
            movement.lookAtPace(look, now, owes && !mayWait);
        }
        Slowness slow = look.slow();
        if (slow == null) {
            return look.leftNanos();
        }
        server.environment().household().onSlow(slow);
        if (over) {
            server.reset(wire, Http2Error.CANCEL);
        } else {
            onBroken(Failure.CLIENT_TIMEOUT);
        }
        return timeouts.body().toNanos();
    }

    // ---- to the client

    @Override
    public EventLoop loop() {
        return server.channel().eventLoop();
    }

    @Override
    public void inform(ResponseHead informational) {
        if (!over && !responseBegun) {
            writeHead(Http2Heads.response(informational), false);
            server.flushSoon();
        }
    }

    @Override
    public void respond(ResponseHead response) {
        if (over || responseBegun) {
            return;
        }
        if (response.status() == 101) {
            beginTunnel(response);
            return;
        }
        responseBegun = true;
        bodiless = head || response.status() == 204 || response.status() == 304;
        held = response;
    }

    private void beginTunnel(ResponseHead response) {
        String accepted = response.fields().get(Names.WEBSOCKET_ACCEPT);
        if (!WebSocket.accept(key).equals(accepted)) {
            onBroken(Failure.BAD_RESPONSE);
            return;
        }
        responseBegun = true;
        tunnel = true;
        movement.onTurn();
        writeHead(Http2Heads.tunnelBegins(response), false);
        server.flushSoon();
    }

    private void writeHeld() {
        ResponseHead response = held;
        if (response != null) {
            held = null;
            writeHead(Http2Heads.response(response), false);
        }
    }

    private ChannelFuture writeHead(Http2Headers headers, boolean last) {
        server.onWork();
        return server.encoder()
                .writeHeaders(
                        server.context(),
                        wire.id(),
                        headers,
                        0,
                        last,
                        server.context().newPromise());
    }

    @Override
    public void data(ByteBuf data) {
        if (over || bodiless || !data.isReadable()) {
            data.release();
            return;
        }
        writeHeld();
        writeData(data, false);
    }

    private ChannelFuture writeData(ByteBuf data, boolean last) {
        server.onWork();
        return server.encoder()
                .writeData(
                        server.context(), wire.id(), data, 0, last, server.context().newPromise());
    }

    @Override
    public void end(Fields trailers) {
        if (over) {
            return;
        }
        over = true;
        sink = null;
        ChannelFuture written = writeEnd(trailers);
        if (!requestComplete) {
            // RFC 9113 §8.1: the answer counts, the rest of the request is not wanted.
            written.addListener(_ -> stopRequest());
        }
        inflow.resume();
        server.flushSoon();
    }

    private ChannelFuture writeEnd(Fields trailers) {
        ResponseHead alone = held;
        held = null;
        if (alone != null && trailers.isEmpty()) {
            return writeHead(Http2Heads.response(alone), true);
        }
        if (alone != null) {
            writeHead(Http2Heads.response(alone), false);
        }
        return trailers.isEmpty() || bodiless
                ? writeData(Unpooled.EMPTY_BUFFER, true)
                : writeHead(Http2Heads.trailers(trailers), true);
    }

    private void stopRequest() {
        if (wire.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
            server.reset(wire, Http2Error.NO_ERROR);
        }
    }

    @Override
    public void flush() {
        if (!over) {
            writeHeld();
            server.flushSoon();
        }
    }

    @Override
    public void fail(Failure failure, Consumer<Fields> page) {
        if (over) {
            return;
        }
        if (responseBegun && messages != null) {
            end(Grpc.trailers(failure));
            return;
        }
        if (responseBegun) {
            // The client must not take what it has for the whole.
            over = true;
            held = null;
            sink = null;
            server.reset(wire, Http2Error.INTERNAL_ERROR);
            return;
        }
        if (messages != null) {
            respond(Grpc.answer(failure));
            end(NONE);
            return;
        }
        ResponseHead answer = ErrorPage.head(failure);
        page.accept(answer.fields());
        respond(answer);
        data(Unpooled.wrappedBuffer(ErrorPage.body(failure)));
        end(NONE);
    }

    @Override
    public boolean isWritable() {
        return server.encoder().flowController().isWritable(wire);
    }

    @Override
    public void pause() {
        inflow.pause();
    }

    @Override
    public void resume() {
        if (inflow.isPaused()) {
            movement.onTurn();
        }
        inflow.resume();
    }
}
