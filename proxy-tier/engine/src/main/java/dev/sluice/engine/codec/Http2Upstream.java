package dev.sluice.engine.codec;

import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Flood;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.ConnectException;

/**
 * An HTTP/2 connection to an endpoint, for many requests at a time. It counts as made when the
 * endpoint's settings are there: then it is known to speak the protocol, and how many it takes.
 * Lives on one event loop; all methods are called on it.
 */
public final class Http2Upstream extends Http2ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Upstream.class);

    /** A server may reset what it likes, within reason. */
    private static final int MAX_RESETS = 10_000;

    /** Where a connection belongs. */
    public interface Home {
        /** The connection takes requests. */
        void onReady(Http2Upstream connection);

        /** It takes no more; those on their way go on. */
        void onRetired(Http2Upstream connection);

        /** Whether it is to hear of {@link #onFree}. */
        boolean watchesFree();

        /** A request is over, so that another one may find room. */
        void onFree(Http2Upstream connection);

        /**
         * It is gone.
         *
         * @param why for those who still waited for it
         */
        void onClosed(Http2Upstream connection, Throwable why);

        /** It sent what is no response. */
        void onMalformed(String detail, Excerpt excerpt);
    }

    private final Channel channel;
    private final Home home;
    private final long idleNanos;
    private final FloodGuard guard;
    private final FrameWatch watch;
    private final Http2UpstreamFrames frames;
    private final Http2DataWatch sent;
    private final Deadline deadline;
    private final Touched<Http2UpstreamStream> touched = new Touched<>();
    private @Nullable ChannelHandlerContext context;
    private Throwable why = new ConnectException("the endpoint closed the connection");
    private int reserved;
    private boolean used;
    private boolean tunnels;
    private boolean ready;
    private boolean retired;
    private boolean reading;

    private Http2Upstream(Channel channel, Home home, long idleNanos, Http2Codec codec) {
        super(codec.decoder(), codec.encoder(), codec.settings(), true);
        this.channel = channel;
        this.home = home;
        this.idleNanos = idleNanos;
        guard = new FloodGuard(MAX_RESETS, nowNanos());
        watch = new FrameWatch(guard, 0);
        deadline = new Deadline(channel.eventLoop(), this::onDeadline);
        sent = codec.sent();
        frames = new Http2UpstreamFrames(this);
        codec.decoder().frameListener(frames);
    }

    /**
     * Adds the connection's handler at the end of the pipeline.
     *
     * @param idleNanos after which a connection without requests is closed
     */
    public static Http2Upstream install(Channel channel, Home home, long idleNanos) {
        Http2Upstream upstream = new Http2Upstream(channel, home, idleNanos, Http2Codec.client());
        channel.pipeline().addLast(upstream);
        return upstream;
    }

    // ---- for the pool

    /** The endpoint must say soon what it takes. */
    public void awaitSettings(long nanos) {
        if (!ready) {
            deadline.in(nanos);
        }
    }

    public boolean takesStreams() {
        int most = connection().local().maxActiveStreams();
        return ready
                && !retired
                && channel.isActive()
                && connection().local().numActiveStreams() + reserved < most;
    }

    /**
     * A place for a request; only if it takes one.
     *
     * @param responseTimeoutNanos in which the endpoint, when it is its turn, must move a byte
     */
    public UpstreamStream stream(long responseTimeoutNanos) {
        reserved++;
        boolean reused = used;
        used = true;
        return new Http2UpstreamStream(this, responseTimeoutNanos, reused);
    }

    /** True if nothing is on its way on it. */
    public boolean isIdle() {
        return connection().numActiveStreams() + reserved == 0;
    }

    /** Takes no more requests, and is closed when the last one is over. */
    public void retire() {
        if (!retired) {
            retired = true;
            home.onRetired(this);
        }
        closeIfDone();
    }

    public void close() {
        channel.close();
    }

    // ---- life

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        Http2Codec.widen(this, Http2Codec.UPSTREAM_WINDOW_BYTES);
        ctx.flush();
    }

    /** Whether WebSockets may be asked for (RFC 8441 §3). */
    boolean takesTunnels() {
        return tunnels;
    }

    void onSettings(Http2Settings settings) {
        tunnels |= Boolean.TRUE.equals(settings.connectProtocolEnabled());
        if (!ready) {
            ready = true;
            deadline.in(idleNanos);
            home.onReady(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        deadline.cancel();
        retired = true;
        try {
            super.channelInactive(ctx);
        } finally {
            home.onClosed(this, why);
        }
    }

    private void onDeadline() {
        if (!ready) {
            why = new ConnectException("the endpoint does not speak HTTP/2");
            channel.close();
        } else if (isIdle()) {
            channel.close();
        } else {
            deadline.in(frames.look(nowNanos(), idleNanos));
        }
    }

    private void closeIfDone() {
        if (retired && isIdle()) {
            channel.close();
        }
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        ByteBuf in = (ByteBuf) message;
        Flood flood = watch.look(in, nowNanos());
        if (flood != null) {
            in.release();
            frames.failAll(Failure.BAD_RESPONSE);
            LOG.atWarn()
                    .addKeyValue("remote", channel.remoteAddress())
                    .addKeyValue("kind", flood.reason())
                    .log("upstream-flood");
            ctx.close();
            return;
        }
        reading = true;
        super.channelRead(ctx, in);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        touched.forEachAndForget(Http2UpstreamStream::onReadComplete);
        reading = false;
        super.channelReadComplete(ctx);
    }

    void touch(Http2UpstreamStream stream) {
        touched.add(stream);
    }

    // ---- errors

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException error) {
        if (!outbound) {
            home.onMalformed(Odd.detail(error), frames.odd().take());
        }
        frames.onBroken(error);
        super.onStreamError(ctx, outbound, cause, error);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception error) {
        LOG.atDebug()
                .addKeyValue("remote", channel.remoteAddress())
                .addKeyValue("cause", cause)
                .log("upstream-connection-failed");
        why = cause;
        if (!outbound && error != null) {
            home.onMalformed(Odd.detail(error), frames.odd().take());
        }
        frames.failAll(outbound || error == null ? Failure.UPSTREAM_CLOSED : Failure.BAD_RESPONSE);
        super.onConnectionError(ctx, outbound, cause, error);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2ServerFrames.isOfHttp2(cause)) {
            super.exceptionCaught(ctx, cause);
        } else {
            why = cause;
            ctx.close();
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

    Channel channel() {
        return channel;
    }

    Http2UpstreamFrames frames() {
        return frames;
    }

    /** Begins to watch whether a stream moves, at any pace. */
    Http2Movement watch(Http2Stream wire) {
        Http2Movement movement =
                new Http2Movement(this, channel.eventLoop().ticker(), wire, Pace.any(), Pace.any());
        sent.watch(wire, movement);
        return movement;
    }

    /** The place is taken, or given back. */
    void release() {
        reserved--;
        onFree();
    }

    private void onFree() {
        if (!retired && channel.isActive()) {
            home.onFree(this);
        }
        closeIfDone();
    }

    void onStreamOpened(long timeoutNanos) {
        reserved--;
        guard.onWork();
        deadline.within(timeoutNanos);
    }

    /** Asked once the stream no longer counts. */
    void onStreamClosed() {
        if (!channel.isActive()) {
            return;
        }
        if (connection().numActiveStreams() <= 1) {
            deadline.within(idleNanos);
        }
        if (retired || home.watchesFree()) {
            channel.eventLoop().execute(this::onFree);
        }
    }

    void onWork() {
        guard.onWork();
    }

    void reset(Http2Stream wire, Http2Error code) {
        ChannelHandlerContext ctx = context();
        resetStream(ctx, wire.id(), code.code(), ctx.newPromise());
        flushSoon();
    }

    /** While reading goes on, its end flushes. */
    void flushSoon() {
        if (!reading) {
            flush(context());
        }
    }

    long nowNanos() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
