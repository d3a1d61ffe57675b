package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Flood;
import dev.sluice.engine.http.Peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/2 connection. Netty's codec keeps the protocol's state; what it tells of goes to
 * {@link Http2ServerFrames}, and each request to its {@link Http2ServerStream}. Lives from accept
 * to close on one event loop; all methods are called on it.
 */
public final class Http2Server extends Http2ConnectionHandler implements ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Server.class);

    /** Beyond the low water mark. */
    private static final int MAX_UNREAD_BYTES = 512 << 10;

    private final ServerEnvironment environment;
    private final Peer peer;
    private final Channel channel;
    private final FloodGuard guard;
    private final FrameWatch watch;
    private final Http2ServerFrames frames;
    private final Http2ServerClock clock;
    private final Http2Farewell farewell;
    private final Http2DataWatch sent;

    /** Streams that were just heard of. */
    private final Touched<Http2ServerStream> touched = new Touched<>();

    private @Nullable ChannelHandlerContext context;
    private boolean opened;
    private boolean reading;
    private boolean closing;

    private Http2Server(
            Channel channel, Peer peer, ServerEnvironment environment, Http2Codec codec) {
        super(codec.decoder(), codec.encoder(), codec.settings(), true);
        this.environment = environment;
        this.peer = peer;
        this.channel = channel;
        Listener listener = environment.listener();
        guard = new FloodGuard(listener.http2().resets(), nowNanos());
        watch = new FrameWatch(guard, Http2Codec.PREFACE_BYTES);
        sent = codec.sent();
        clock = new Http2ServerClock(this, listener);
        farewell = new Http2Farewell(this);
        frames = new Http2ServerFrames(this);
        codec.decoder().frameListener(frames);
    }

    /** Adds the connection's handler at the end of the pipeline. */
    public static void install(Channel channel, Peer peer, ServerEnvironment environment) {
        Http2Codec codec = Http2Codec.server(environment.listener());
        channel.pipeline().addLast(new Http2Server(channel, peer, environment, codec));
    }

    // ---- for the keeper of connections

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public void drain(long idleNanos) {
        if (!closing) {
            farewell.begin();
        }
    }

    @Override
    public void cut() {
        if (connection().numActiveStreams() == 0) {
            channel.close();
        } else {
            Lingering.reset(channel);
        }
    }

    // ---- life

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        if (channel.isActive()) {
            open(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        open(ctx);
    }

    private void open(ChannelHandlerContext ctx) throws Http2Exception {
        if (opened) {
            return;
        }
        opened = true;
        environment.household().opened(this);
        clock.awaitPreface();
        environment
                .listener()
                .timeouts()
                .connectionAge()
                .ifPresent(age -> ConnectionAge.watch(channel, age, farewell::begin));
        Http2Codec.widen(this, environment.listener().http2().windowBytes());
        ctx.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        clock.stop();
        closing = true;
        try {
            super.channelInactive(ctx);
        } finally {
            environment.household().closed(this);
        }
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        ByteBuf in = (ByteBuf) message;
        if (closing) {
            in.release();
            return;
        }
        Flood flood = hasUnreadReplies() ? Flood.UNREAD_REPLIES : watch.look(in, nowNanos());
        if (flood != null) {
            in.release();
            onFlood(flood);
            return;
        }
        reading = true;
        clock.onRead(watch.isWithinHead());
        super.channelRead(ctx, in);
    }

    /** Bodies wait for room; beyond it there can only be answers to control frames. */
    private boolean hasUnreadReplies() {
        return channel.bytesBeforeWritable() > MAX_UNREAD_BYTES;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        touched.forEachAndForget(Http2ServerStream::onReadComplete);
        reading = false;
        super.channelReadComplete(ctx);
    }

    /** The stream wants to know when there is nothing more to read for now. */
    void touch(Http2ServerStream stream) {
        touched.add(stream);
    }

    // ---- errors and floods

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException error) {
        if (!outbound && frames.wasReset(error.streamId())) {
            // It was on its way when we ended the stream, and is no fault.
            return;
        }
        if (!outbound) {
            capture(Failure.MALFORMED, Odd.detail(error));
        }
        if (!outbound && forcesTooMuch()) {
            return;
        }
        frames.onBroken(error);
        super.onStreamError(ctx, outbound, cause, error);
    }

    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream wire) {
        refused(Failure.HEADER_TOO_LARGE);
        Http2ServerStream.of(this, wire, false).refuse(null, Failure.HEADER_TOO_LARGE);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception error) {
        LOG.atDebug()
                .addKeyValue("remote", peer.remote())
                .addKeyValue("cause", cause)
                .log("client-connection-failed");
        if (error == null || outbound) {
            channel.close();
            return;
        }
        capture(Failure.MALFORMED, Odd.detail(error));
        leave(error.error());
    }

    /** The client makes us reset a stream; true if that was one too many. */
    boolean forcesTooMuch() {
        boolean tooMuch = guard.exceeds(Flood.FORCED_RESETS, nowNanos());
        if (tooMuch) {
            onFlood(Flood.FORCED_RESETS);
        }
        return tooMuch;
    }

    private void onFlood(Flood kind) {
        if (!closing) {
            LOG.atInfo()
                    .addKeyValue("remote", peer.remote())
                    .addKeyValue("kind", kind.reason())
                    .log("flood");
            environment.household().onFlood(kind);
            leave(Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2ServerFrames.isOfHttp2(cause)) {
            super.exceptionCaught(ctx, cause);
        } else {
            onConnectionError(ctx, false, cause, null);
        }
    }

    /** Ends the connection with its streams; the client hears why. */
    void leave(Http2Error why) {
        ChannelHandlerContext ctx = context;
        if (closing || ctx == null || !channel.isActive()) {
            return;
        }
        closing = true;
        farewell.last(ctx, why);
        // Netty does it again when the channel is gone, and cannot bear another promise then.
        connection().close(ctx.voidPromise());
        if (why == Http2Error.NO_ERROR) {
            clock.awaitClose();
            Lingering.shutdownOutput(channel, clock::linger);
        } else {
            // It gets no more time than to read why.
            clock.linger();
            Lingering.shutdownOutput(channel);
        }
    }

    // ---- for streams

    ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }

    ServerEnvironment environment() {
        return environment;
    }

    Http2ServerFrames frames() {
        return frames;
    }

    Http2Farewell farewell() {
        return farewell;
    }

    Http2ServerClock clock() {
        return clock;
    }

    Channel channel() {
        return channel;
    }

    /** Begins to watch whether a stream moves. */
    Http2Movement watch(Http2Stream wire) {
        Listener.Rates rates = environment.listener().rates();
        Http2Movement movement =
                new Http2Movement(
                        this,
                        channel.eventLoop().ticker(),
                        wire,
                        Pace.ofRequest(rates),
                        Pace.ofResponse(rates));
        sent.watch(wire, movement);
        return movement;
    }

    void refused(Failure why) {
        environment.handler().onRefused(why, peer);
    }

    void capture(Failure why, String detail) {
        environment
                .household()
                .onMalformed(
                        new Capture(
                                Capture.Side.REQUEST,
                                "HTTP/2",
                                peer.remote(),
                                why,
                                detail,
                                frames.odd().take()));
    }

    /** Something was written that the client asked for. */
    void onWork() {
        guard.onWork();
    }

    /** Ends a stream on our side; what its client still sends is overlooked. */
    void reset(Http2Stream wire, Http2Error why) {
        ChannelHandlerContext ctx = context();
        frames.onReset(wire.id());
        resetStream(ctx, wire.id(), why.code(), ctx.newPromise());
        flushSoon();
    }

    /** While reading goes on, its end flushes. */
    void flushSoon() {
        if (!reading && context != null) {
            flush(context);
        }
    }

    long nowNanos() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
