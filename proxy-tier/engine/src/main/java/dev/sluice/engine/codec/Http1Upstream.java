package dev.sluice.engine.codec;

import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/**
 * An HTTP/1.1 connection to an endpoint: one request at a time, with rests in a pool between. Lives
 * on one event loop; all methods are called on it.
 */
public final class Http1Upstream extends ChannelInboundHandlerAdapter implements UpstreamStream {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Upstream.class);

    /** Where a connection goes when it is done with a request, or for good. */
    public interface Home {
        /** The connection can take another request. */
        void onFree(Http1Upstream connection);

        void onClosed(Http1Upstream connection);

        /** It sent what is no response, or behind one what nobody asked for. */
        void onMalformed(String detail, Excerpt excerpt);
    }

    private final Channel channel;
    private final Home home;
    private final RequestWriter writer;
    private final ResponseReader reader = new ResponseReader();
    private final Deadline deadline;
    private final Progress progress;
    private final Look look = new Look();
    private @Nullable ResponseSink sink;
    private long timeoutNanos;
    private boolean used;
    private boolean reused;
    private boolean answered;
    private boolean reserved;
    private boolean paused;
    private boolean requestComplete;
    private boolean free;

    /** Its end is not one that the endpoint meant. */
    private boolean brokenOff;

    private Http1Upstream(Channel channel, Home home) {
        this.channel = channel;
        this.home = home;
        writer = new RequestWriter(channel);
        deadline = new Deadline(channel.eventLoop(), this::onDeadline);
        progress = new Progress(channel);
    }

    /** Adds the connection's handler at the end of the pipeline. */
    public static Http1Upstream install(Channel channel, Home home) {
        Http1Upstream upstream = new Http1Upstream(channel, home);
        channel.pipeline().addLast(upstream);
        return upstream;
    }

    // ---- for the pool

    /** True if it can take a request. */
    public boolean isUsable() {
        return channel.isActive() && sink == null && !reserved;
    }

    /**
     * Readies it for a request.
     *
     * @param responseTimeoutNanos in which the endpoint, when it is its turn, must move a byte
     */
    public void reserve(long responseTimeoutNanos) {
        timeoutNanos = responseTimeoutNanos;
        reused = used;
        used = true;
        reserved = true;
        deadline.never();
    }

    /** Lets it rest; it closes itself if nobody needs it. */
    public void rest(long idleNanos) {
        deadline.in(idleNanos);
    }

    public void close() {
        channel.close();
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
        reserved = false;
        sink = responses;
        paused = false;
        answered = false;
        requestComplete = false;
        reader.begin(head);
        progress.reset();
        deadline.in(timeoutNanos);
        writer.head(head);
    }

    @Override
    public void data(ByteBuf data) {
        if (sink == null || !data.isReadable()) {
            data.release();
            return;
        }
        progress.onWrite(data);
        progress.onTurn();
        writer.data(data);
    }

    @Override
    public void end(Fields trailers) {
        if (sink == null) {
            return;
        }
        requestComplete = true;
        progress.onTurn();
        if (reader.isTunnel()) {
            sink = null;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
            return;
        }
        writer.end(trailers);
        channel.flush();
    }

    @Override
    public void flush() {
        if (sink != null) {
            channel.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void pause() {
        if (sink != null && !paused) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void resume() {
        if (sink != null && paused) {
            paused = false;
            progress.onTurn();
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void abort() {
        if (reserved) {
            reserved = false;
            home.onFree(this);
        } else if (sink != null) {
            sink = null;
            channel.close();
        }
    }

    // ---- the response

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        progress.onRead(in.readableBytes());
        answered = true;
        try {
            while (in.isReadable() && sink != null) {
                read(sink, in);
            }
            if (in.isReadable()) {
                // Behind the response's end there is nothing to say: the connection is out of step.
                if (free) {
                    home.onMalformed(
                            "octets behind the response",
                            Excerpt.of(in, in.readerIndex(), in.readerIndex()));
                }
                free = false;
                ctx.close();
            }
        } finally {
            in.release();
        }
    }

    private void read(ResponseSink to, ByteBuf in) {
        switch (reader.read(in)) {
            case ResponseReader.Event.MORE -> {}
            case ResponseReader.Event.INFORM -> to.onInform(reader.head());
            case ResponseReader.Event.HEAD -> {
                if (reader.isTunnel()) {
                    deadline.never();
                }
                to.onResponse(reader.head());
                completeIfEnded();
            }
            case ResponseReader.Event.DATA -> {
                to.onResponseData(reader.data());
                completeIfEnded();
            }
            case ResponseReader.Event.END -> completeIfEnded();
            case ResponseReader.Event.INVALID -> {
                home.onMalformed("", reader.excerpt());
                fail(Failure.BAD_RESPONSE);
            }
        }
    }

    private void completeIfEnded() {
        ResponseSink to = sink;
        if (to == null || !reader.isAtEnd()) {
            return;
        }
        sink = null;
        deadline.never();
        free = requestComplete && reader.connectionLives() && channel.isActive();
        if (paused) {
            paused = false;
            channel.config().setAutoRead(true);
        }
        if (!free) {
            channel.close();
        }
        to.onResponseEnd(reader.trailers());
    }

    /** Only now is it known that nothing came behind the response. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (free) {
            free = false;
            home.onFree(this);
        } else if (sink != null) {
            sink.onUpstreamReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (sink != null && channel.isWritable()) {
            sink.onUpstreamWritable();
        }
    }

    // ---- the end

    /**
     * Behind the end of the TLS session nothing can come. A FIN ahead of it may be anybody's (RFC
     * 9112 §9.8).
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent end) {
            brokenOff = !end.isSuccess();
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
        free = false;
        if (sink != null && !brokenOff && reader.endsWithConnection()) {
            completeIfEnded();
        } else {
            fail(Failure.UPSTREAM_CLOSED);
        }
        home.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.atDebug()
                .addKeyValue("remote", channel.remoteAddress())
                .addKeyValue("cause", cause)
                .log("upstream-connection-failed");
        brokenOff = true;
        // Of a failed read the channel closes itself. After a failed write the endpoint's answer
        // may still be there to read: it often says why it stopped listening.
        if (!(cause instanceof IOException)) {
            ctx.close();
        }
    }

    private void onDeadline() {
        if (sink == null) {
            channel.close();
            return;
        }
        boolean owes = requestComplete && !paused;
        look.begin();
        progress.lookForStops(look, timeoutNanos, owes);
        if (look.slow() == null) {
            deadline.in(look.leftNanos());
        } else {
            fail(Failure.UPSTREAM_TIMEOUT);
        }
    }

    private void fail(Failure why) {
        ResponseSink to = sink;
        sink = null;
        channel.close();
        if (to != null) {
            to.onUpstreamFailure(why);
        }
    }
}
