package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.ErrorPage;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.HopByHop;
import dev.sluice.engine.http.Intake;
import dev.sluice.engine.http.Names;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;
import dev.sluice.engine.http.Slowness;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FileRegion;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1.1 connection: one request at a time, pipelined ones wait. Lives from accept to
 * close on one event loop; all methods are called on it.
 */
public final class Http1Server extends ChannelInboundHandlerAdapter implements ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Server.class);

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
    private final RequestParser parser;
    private final BodyReader body;
    private final ServerClock clock;
    private final Inflow inflow;
    private final Ending ending;
    private State state = State.AWAITING_HEAD;
    private boolean opened;
    private boolean old;
    private boolean used;
    private boolean headStarted;
    private boolean consuming;
    private @Nullable Http1Stream stream;

    private Http1Server(Channel channel, Peer peer, ServerEnvironment environment) {
        this.environment = environment;
        this.peer = peer;
        this.channel = channel;
        Listener.Limits limits = environment.listener().limits();
        parser = RequestParser.within(limits);
        body = new BodyReader(limits.headerBytes(), limits.fields());
        clock = new ServerClock(channel, environment.listener(), this::onDeadline);
        inflow = new Inflow(channel);
        ending = new Ending(channel, inflow, clock);
    }

    /** Adds the connection's handler at the end of the pipeline. */
    public static void install(Channel channel, Peer peer, ServerEnvironment environment) {
        channel.pipeline().addLast(new Http1Server(channel, peer, environment));
    }

    // ---- for the keeper of connections

    @Override
    public Peer peer() {
        return peer;
    }

    /**
     * A connection whose first request is still to come keeps its time for that: a request that is
     * late, or lost on its way, would fail, and its client has nothing to blame for it.
     */
    @Override
    public void drain(long idleNanos) {
        if (isIdle() && used) {
            clock.in(idleNanos);
        }
    }

    private void onOld() {
        old = true;
        drain(DrainPace.QUIET_NANOS);
    }

    @Override
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
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (channel.isActive()) {
            open();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        open();
    }

    private void open() {
        if (opened) {
            return;
        }
        opened = true;
        environment.household().opened(this);
        environment
                .listener()
                .timeouts()
                .connectionAge()
                .ifPresent(age -> ConnectionAge.watch(channel, age, this::onOld));
        clock.awaitHead();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        clock.stop();
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

    private void onDeadline() {
        switch (state) {
            case AWAITING_HEAD -> {
                if (headStarted || !used) {
                    environment.household().onSlow(Slowness.HEAD);
                }
                if (headStarted) {
                    refuse(Failure.CLIENT_TIMEOUT);
                } else if (used) {
                    end(false);
                } else {
                    channel.close();
                }
            }
            case EXCHANGE -> checkExchange();
            case TUNNEL -> {
                if (note(clock.lookAtTunnel())) {
                    channel.close();
                }
            }
            case CLOSING -> note(ending.look());
        }
    }

    private boolean note(@Nullable Slowness slow) {
        if (slow != null) {
            environment.household().onSlow(slow);
        }
        return slow != null;
    }

    private void checkExchange() {
        Http1Stream open = stream;
        if (open == null) {
            return;
        }
        boolean owes = !open.isRequestComplete() && !inflow.isPaused();
        if (note(clock.lookAtExchange(owes, owes && open.isBodyAwaited()))) {
            open.onStalled();
        }
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        clock.onRead(in.readableBytes());
        if (consuming || !inflow.isEmpty()) {
            inflow.keep(in);
        } else {
            consume(in);
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

    /** Takes up what waits. Not recursive, so that many short requests need no deep stack. */
    private void advance() {
        if (consuming || inflow.isEmpty()) {
            return;
        }
        while (!inflow.isEmpty() && canProcess()) {
            consume(inflow.take());
        }
        if (stream != null) {
            stream.onReadComplete();
        }
    }

    /** Takes ownership. */
    private void consume(ByteBuf in) {
        consuming = true;
        try {
            while (in.isReadable() && canProcess()) {
                process(in);
            }
        } finally {
            consuming = false;
            if (in.isReadable() && channel.isActive()) {
                inflow.keepFirst(in);
            } else {
                in.release();
            }
        }
    }

    /** A client that does not read its responses gets no further ones made. */
    private boolean canProcess() {
        Http1Stream open = stream;
        return switch (state) {
            case AWAITING_HEAD -> channel.isWritable();
            case EXCHANGE -> open != null && !open.isRequestComplete();
            case TUNNEL, CLOSING -> true;
        };
    }

    private void process(ByteBuf in) {
        switch (state) {
            case AWAITING_HEAD -> head(in);
            case EXCHANGE -> body(in);
            case TUNNEL -> tunnelled(in.readRetainedSlice(in.readableBytes()));
            case CLOSING -> ending.discard(in);
        }
    }

    private void head(ByteBuf in) {
        boolean ended = parser.read(in);
        Failure failure = parser.failure();
        if (failure != null) {
            refuse(failure);
        } else if (ended) {
            begin();
        } else if (parser.isStarted() && !headStarted) {
            headStarted = true;
            clock.awaitHead();
        }
    }

    private void begin() {
        headStarted = false;
        Intake intake =
                Intake.http1(
                        parser.method(),
                        parser.target(),
                        parser.minor(),
                        parser.fields(),
                        peer,
                        environment.listener().targets());
        switch (intake) {
            case Intake.Refused(Failure failure) -> refuse(failure);
            case Intake.Taken(RequestHead head) when exceedsLimit(head.bodyLength()) ->
                    refuse(Failure.BODY_TOO_LARGE);
            case Intake.Taken(RequestHead head) -> begin(head);
        }
    }

    private void begin(RequestHead head) {
        state = State.EXCHANGE;
        used = true;
        boolean chunked = head.bodyLength() == RequestHead.UNKNOWN_LENGTH;
        body.begin(
                chunked ? BodyReader.Framing.CHUNKS : BodyReader.Framing.LENGTH, head.bodyLength());
        clock.beginExchange();
        Http1Stream begun = new Http1Stream(this, head, parser.minor() == 0, parser.staysOpen());
        stream = begun;
        begun.start(environment.handler(), peer);
        endBody(begun);
    }

    boolean exceedsLimit(long bodyBytes) {
        return bodyBytes > environment.listener().limits().bodyBytes().orElse(Long.MAX_VALUE);
    }

    private void body(ByteBuf in) {
        Http1Stream open = stream;
        int from = in.readerIndex();
        ByteBuf data = body.next(in);
        if (open == null) {
            if (data != null) {
                data.release();
            }
            return;
        }
        if (data != null) {
            open.onData(data);
        }
        if (body.failure() != null) {
            capture(Failure.MALFORMED, body.excerpt(in, from));
            open.onBroken(Failure.MALFORMED);
        }
        endBody(open);
    }

    private void endBody(Http1Stream open) {
        if (body.isAtEnd() && stream == open && state == State.EXCHANGE) {
            HopByHop.dropFromTrailers(body.trailers());
            open.onEnd(body.trailers());
        }
    }

    private void tunnelled(ByteBuf bytes) {
        if (stream != null) {
            stream.onData(bytes);
        } else {
            bytes.release();
        }
    }

    // ---- back-pressure, for the stream

    void pause() {
        inflow.pause();
    }

    void resume() {
        if (inflow.isPaused()) {
            clock.onTurn();
        }
        inflow.resume();
    }

    // ---- writing, for the stream

    Channel channel() {
        return channel;
    }

    /** True if it should not live on after its response. */
    boolean isEnding() {
        return old || environment.household().isDraining();
    }

    void write(ByteBuf bytes) {
        clock.onWrite(bytes);
        channel.write(bytes, channel.voidPromise());
    }

    void write(FileRegion region, Runnable sent) {
        clock.onWrite(region);
        channel.writeAndFlush(region)
                .addListener(written -> {
                    if (written.isSuccess()) {
                        sent.run();
                    } else {
                        // A file that was cut short: the client must not wait for the rest.
                        channel.close();
                    }
                });
    }

    /** Bytes go both ways from here on. */
    void becomeTunnel() {
        state = State.TUNNEL;
        clock.beginTunnel();
        channel.flush();
        resume();
        advance();
    }

    /** The exchange is over and the connection lives on. */
    void next() {
        stream = null;
        state = State.AWAITING_HEAD;
        parser.reset();
        clock.rest(isEnding());
        inflow.resume();
        advance();
    }

    /** Answers a request that never became one, and closes. */
    private void refuse(Failure failure) {
        if (!channel.isActive()) {
            return;
        }
        if (Capture.isOf(failure)) {
            capture(failure, parser.excerpt(failure));
        }
        environment.handler().onRefused(failure, peer);
        ResponseHead page = ErrorPage.head(failure);
        page.fields().set(Names.CONNECTION, "close");
        write(HeadWriter.response(channel.alloc(), page));
        write(Unpooled.wrappedBuffer(ErrorPage.body(failure)));
        end(true);
    }

    private void capture(Failure why, Excerpt excerpt) {
        environment
                .household()
                .onMalformed(Capture.request("HTTP/1.1", peer.remote(), why, excerpt));
    }

    /** Nothing more is served. */
    void closeAfterResponse(boolean unread) {
        end(unread || !inflow.isEmpty());
    }

    private void end(boolean unread) {
        state = State.CLOSING;
        stream = null;
        ending.begin(unread);
    }
}
