package dev.sluice.engine.codec;

import dev.sluice.engine.http.ErrorPage;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.Intake;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1.1 connection: one request at a time, pipelined ones wait. Lives from accept to
 * close on one event loop; all methods are called on it.
 */
public final class Http1Server extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Server.class);
    private static final int MAX_DISCARDED_BYTES = 256 << 10;

    private enum State {
        /** Before a head, or within one. */
        AWAITING_HEAD,
        EXCHANGE,
        TUNNEL,
        CLOSING
    }

    private final ServerEnvironment environment;
    private final Peer peer;
    private final Channel channel;
    private final RequestDecoder decoder;
    private final ResponseEncoder encoder = new ResponseEncoder();
    private final Deadline deadline;
    private final Progress progress;
    private final Inflow inflow;
    private State state = State.AWAITING_HEAD;
    private boolean headStarted;
    private boolean advancing;
    private long discarded;
    private @Nullable Http1Stream stream;

    private Http1Server(Channel channel, Peer peer, ServerEnvironment environment) {
        this.environment = environment;
        this.peer = peer;
        this.channel = channel;
        decoder = new RequestDecoder(environment.listener().limits(), this::onHeadStarted);
        deadline = new Deadline(channel.eventLoop(), this::onDeadline);
        progress = new Progress(channel);
        inflow = new Inflow(channel);
    }

    /** Adds the connection's handlers at the end of the pipeline. */
    public static void install(Channel channel, Peer peer, ServerEnvironment environment) {
        Http1Server server = new Http1Server(channel, peer, environment);
        channel.pipeline().addLast(server.decoder, server.encoder, server);
    }

    // ---- for the keeper of connections

    public Peer peer() {
        return peer;
    }

    /** Closes the connection in a while if no request comes until then. */
    public void closeIfIdleIn(long nanos) {
        if (isIdle()) {
            deadline.in(nanos);
        }
    }

    /**
     * Closes the connection whatever is going on. One in use is reset: its client must not take
     * what it has for the whole, and the kernel must not keep the flow for bytes nobody fetches.
     */
    public void cut() {
        if (isIdle()) {
            channel.close();
        } else {
            Lingering.reset(channel);
        }
    }

    private boolean isIdle() {
        return state == State.AWAITING_HEAD && !headStarted;
    }

    // ---- life

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        environment.household().opened(this);
        deadline.in(environment.listener().timeouts().clientHeader().toNanos());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
        state = State.CLOSING;
        inflow.release();
        Http1Stream open = stream;
        stream = null;
        if (open != null) {
            open.onGone(Failure.CLIENT_GONE);
        }
        environment.household().closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.atDebug()
                .addKeyValue("remote", peer.remote())
                .addKeyValue("cause", cause)
                .log("client-connection-failed");
        ctx.close();
    }

    private void onHeadStarted() {
        headStarted = true;
        // Of a pipelined head only once its turn has come.
        if (state == State.AWAITING_HEAD) {
            deadline.in(environment.listener().timeouts().clientHeader().toNanos());
        }
    }

    private void onDeadline() {
        switch (state) {
            case AWAITING_HEAD -> {
                if (headStarted) {
                    refuse(Failure.CLIENT_TIMEOUT);
                } else {
                    channel.close();
                }
            }
            case EXCHANGE -> checkProgress();
            case TUNNEL -> checkTunnel();
            case CLOSING -> channel.close();
        }
    }

    private void checkProgress() {
        Http1Stream open = stream;
        boolean owesBody = open != null && !open.isRequestComplete() && !inflow.isPaused();
        long left = progress.left(environment.listener().timeouts().body().toNanos(), owesBody);
        if (left > 0 || open == null) {
            deadline.in(left);
        } else {
            open.onStalled();
        }
    }

    private void checkTunnel() {
        long left = progress.left(environment.listener().timeouts().tunnel().toNanos(), true);
        if (left > 0) {
            deadline.in(left);
        } else {
            channel.close();
        }
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        progress.onRead();
        if (state == State.CLOSING) {
            discard(message);
        } else if (state == State.TUNNEL || (inflow.isEmpty() && canProcess())) {
            process(message);
        } else {
            inflow.keep(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (stream != null) {
            stream.onReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (stream != null && channel.isWritable()) {
            stream.onWritable();
        }
        advance();
    }

    private void process(Object message) {
        switch (message) {
            case Failure failure -> refuse(failure);
            case HttpRequest request -> begin(request);
            case HttpContent content -> content(content);
            case ByteBuf bytes -> tunnelled(bytes);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpRequest request) {
        headStarted = false;
        Intake intake = RequestHeads.check(request, environment.listener().limits(), peer);
        switch (intake) {
            case Intake.Refused(Failure failure) -> refuse(failure);
            case Intake.Taken(RequestHead head) -> {
                state = State.EXCHANGE;
                encoder.answersHead(head.method().equals("HEAD"));
                progress.reset();
                deadline.in(environment.listener().timeouts().body().toNanos());
                Http1Stream begun =
                        new Http1Stream(
                                this,
                                head,
                                RequestHeads.isOneOh(request),
                                RequestHeads.staysOpen(request));
                stream = begun;
                begun.start(environment.handler(), peer);
            }
        }
    }

    boolean exceedsLimit(long bodyBytes) {
        return bodyBytes > environment.listener().limits().bodyBytes().orElse(Long.MAX_VALUE);
    }

    private void content(HttpContent content) {
        Http1Stream open = stream;
        if (open == null) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            open.onBroken(Failure.MALFORMED);
            return;
        }
        open.onData(content.content());
        if (content instanceof LastHttpContent last && stream == open) {
            NettyFields trailers = new NettyFields(last.trailingHeaders());
            HopByHop.dropFromTrailers(trailers);
            open.onEnd(trailers);
        }
    }

    private void tunnelled(ByteBuf bytes) {
        if (state == State.TUNNEL && stream != null) {
            stream.onData(bytes);
        } else {
            bytes.release();
        }
    }

    private void discard(Object message) {
        discarded += Progress.sizeOf(message);
        ReferenceCountUtil.release(message);
        if (discarded > MAX_DISCARDED_BYTES) {
            channel.close();
        }
    }

    // ---- back-pressure, for the stream

    void pause() {
        inflow.pause();
    }

    void resume() {
        progress.onRead();
        inflow.resume();
    }

    // ---- writing, for the stream

    Channel channel() {
        return channel;
    }

    boolean isDraining() {
        return environment.household().isDraining();
    }

    void write(Object message) {
        progress.onWrite(message);
        channel.write(message, channel.voidPromise());
    }

    /** Bytes go both ways from here on; what the decoder holds already comes first. */
    void becomeTunnel() {
        state = State.TUNNEL;
        progress.reset();
        deadline.in(environment.listener().timeouts().tunnel().toNanos());
        ChannelPipeline pipeline = channel.pipeline();
        channel.flush();
        pipeline.remove(encoder);
        pipeline.remove(decoder);
        resume();
    }

    /** The exchange is over and the connection lives on. */
    void next() {
        stream = null;
        state = State.AWAITING_HEAD;
        deadline.in(
                headStarted
                        ? environment.listener().timeouts().clientHeader().toNanos()
                        : idleNanos());
        inflow.resume();
        advance();
    }

    /** Takes up what waits. Not recursive, so that many short requests need no deep stack. */
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        while (state != State.CLOSING && canProcess() && !inflow.isEmpty()) {
            process(inflow.take());
        }
        advancing = false;
    }

    /** A client that does not read its responses gets no further ones made. */
    private boolean canProcess() {
        Http1Stream open = stream;
        return open == null ? channel.isWritable() : !open.isRequestComplete();
    }

    private long idleNanos() {
        long idle = environment.listener().timeouts().idle().toNanos();
        return isDraining() ? Math.min(idle, DrainPace.QUIET_NANOS) : idle;
    }

    /** Answers a request that never became one, and closes. */
    private void refuse(Failure failure) {
        if (!channel.isActive()) {
            return;
        }
        environment.handler().onRefused(failure, peer);
        stream = null;
        state = State.EXCHANGE;
        encoder.answersHead(false);
        ResponseHead page = ErrorPage.head(failure);
        page.fields().set(Names.CONNECTION, "close");
        write(Messages.response(page));
        write(Messages.last(Unpooled.wrappedBuffer(ErrorPage.body(failure))));
        closeLingering();
    }

    /** Nothing more is served. If nothing unread can be on its way, the close is immediate. */
    void closeAfterResponse(boolean unread) {
        if (unread || !inflow.isEmpty()) {
            closeLingering();
            return;
        }
        end();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
    }

    /**
     * Closing with unread bytes makes the kernel send a reset, which may overtake the response: so
     * only our direction ends, and what still comes is thrown away for a while.
     */
    private void closeLingering() {
        end();
        inflow.release();
        inflow.resume();
        deadline.in(Lingering.NANOS);
        Lingering.shutdownOutput(channel);
    }

    private void end() {
        state = State.CLOSING;
        stream = null;
        deadline.in(environment.listener().timeouts().body().toNanos());
    }
}
