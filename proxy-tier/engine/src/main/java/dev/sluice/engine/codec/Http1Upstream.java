package dev.sluice.engine.codec;

import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.ResponseSink;
import dev.sluice.engine.http.Tokens;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;

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
    }

    private final Channel channel;
    private final Home home;
    private final HttpRequestEncoder encoder = new HttpRequestEncoder();
    private final ResponseDecoder decoder = new ResponseDecoder();
    private final Deadline deadline;
    private final Progress progress;
    private @Nullable RequestHead request;
    private @Nullable ResponseSink sink;
    private long timeoutNanos;
    private boolean used;
    private boolean reused;
    private boolean reserved;
    private boolean paused;
    private boolean requestComplete;
    private boolean responseBegun;
    private boolean lives;
    private boolean skipsLast;
    private boolean tunnel;
    private boolean free;

    private Http1Upstream(Channel channel, Home home) {
        this.channel = channel;
        this.home = home;
        deadline = new Deadline(channel.eventLoop(), this::onDeadline);
        progress = new Progress(channel);
    }

    /** Adds the connection's handlers at the end of the pipeline. */
    public static Http1Upstream install(Channel channel, Home home) {
        Http1Upstream upstream = new Http1Upstream(channel, home);
        channel.pipeline().addLast(upstream.encoder, upstream.decoder, upstream);
        return upstream;
    }

    // ---- for the pool

    /** True if it can take a request. */
    public boolean isUsable() {
        return channel.isActive() && sink == null && !reserved && !decoder.isLeftWithBytes();
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
    public boolean isReused() {
        return reused;
    }

    @Override
    public void open(RequestHead head, ResponseSink responses) {
        reserved = false;
        request = head;
        sink = responses;
        paused = false;
        requestComplete = false;
        responseBegun = false;
        skipsLast = false;
        lives = true;
        decoder.answersHead(head.method().equals("HEAD"));
        progress.reset();
        deadline.in(timeoutNanos);
        connectionOptions(head);
        channel.writeAndFlush(Messages.request(head), channel.voidPromise());
    }

    private static void connectionOptions(RequestHead head) {
        if (head.asksForTunnel()) {
            head.fields().set(Names.CONNECTION, "Upgrade");
            head.fields().set(Names.UPGRADE, head.upgrade());
        } else if (head.fields().has(Names.TE)) {
            head.fields().set(Names.CONNECTION, "TE");
        }
    }

    @Override
    public void data(ByteBuf data) {
        if (sink == null) {
            data.release();
            return;
        }
        progress.onWrite(data);
        progress.onRead();
        channel.write(tunnel ? data : new DefaultHttpContent(data), channel.voidPromise());
    }

    @Override
    public void end(Fields trailers) {
        if (sink == null) {
            return;
        }
        requestComplete = true;
        progress.onRead();
        if (tunnel) {
            sink = null;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
        } else {
            channel.writeAndFlush(Messages.last(trailers), channel.voidPromise());
        }
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
        if (sink != null) {
            paused = true;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void resume() {
        if (sink != null) {
            paused = false;
            progress.onRead();
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
        progress.onRead();
        if (sink == null) {
            // After the response's end there is nothing to say: the connection is out of step.
            ReferenceCountUtil.release(message);
            free = false;
            ctx.close();
            return;
        }
        switch (message) {
            case HttpResponse response -> head(sink, response);
            case HttpContent content -> content(sink, content);
            case ByteBuf bytes -> sink.onResponseData(bytes);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void head(ResponseSink to, HttpResponse response) {
        RequestHead asked = request;
        if (asked == null || !ResponseCheck.isValid(response, asked) || responseBegun) {
            fail(Failure.BAD_RESPONSE);
            return;
        }
        ResponseHead head = ResponseCheck.head(response);
        if (head.isInformational()) {
            skipsLast = true;
            to.onInform(head);
            return;
        }
        responseBegun = true;
        lives = lives(response);
        if (head.status() == 101) {
            tunnel = true;
            skipsLast = true;
            deadline.never();
        }
        to.onResponse(head);
    }

    private static boolean lives(HttpResponse response) {
        List<String> options = Tokens.of(new NettyFields(response.headers()), Names.CONNECTION);
        return !options.contains("close")
                && (response.protocolVersion().minorVersion() > 0
                        || options.contains(Names.KEEP_ALIVE));
    }

    private void content(ResponseSink to, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(Failure.BAD_RESPONSE);
            return;
        }
        boolean last = content instanceof LastHttpContent;
        if (skipsLast && last) {
            content.release();
            skipsLast = false;
            startTunnel();
            return;
        }
        if (content.content().isReadable()) {
            to.onResponseData(content.content());
        } else {
            content.release();
        }
        if (last && sink != null) {
            NettyFields trailers = new NettyFields(((LastHttpContent) content).trailingHeaders());
            HopByHop.dropFromTrailers(trailers);
            complete(to, trailers);
        }
    }

    private void startTunnel() {
        if (tunnel) {
            channel.pipeline().remove(encoder);
            channel.pipeline().remove(decoder);
        }
    }

    private void complete(ResponseSink to, Fields trailers) {
        sink = null;
        request = null;
        deadline.never();
        free = requestComplete && lives && channel.isActive();
        if (paused) {
            paused = false;
            channel.config().setAutoRead(true);
        }
        if (!free) {
            channel.close();
        }
        to.onResponseEnd(trailers);
    }

    /** Only now is it known that nothing came behind the response. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (free) {
            free = false;
            if (decoder.isLeftWithBytes()) {
                ctx.close();
            } else {
                home.onFree(this);
            }
        } else if (sink != null) {
            sink.onUpstreamReadComplete();
        } else if (decoder.isLeftWithBytes()) {
            ctx.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (sink != null && channel.isWritable()) {
            sink.onUpstreamWritable();
        }
    }

    // ---- the end

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
        free = false;
        fail(Failure.UPSTREAM_CLOSED);
        home.onClosed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.atDebug()
                .addKeyValue("remote", channel.remoteAddress())
                .addKeyValue("cause", cause)
                .log("upstream-connection-failed");
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
        long left = progress.left(timeoutNanos, owes);
        if (left > 0) {
            deadline.in(left);
        } else {
            fail(Failure.UPSTREAM_TIMEOUT);
        }
    }

    private void fail(Failure why) {
        ResponseSink to = sink;
        sink = null;
        request = null;
        channel.close();
        if (to != null) {
            to.onUpstreamFailure(why);
        }
    }
}
