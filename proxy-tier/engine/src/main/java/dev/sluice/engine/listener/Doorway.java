package dev.sluice.engine.listener;

import dev.sluice.engine.codec.ClientConnection;
import dev.sluice.engine.codec.Deadline;
import dev.sluice.engine.codec.Lingering;
import dev.sluice.engine.codec.ServerEnvironment.Household;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.http.Security;
import dev.sluice.engine.proxyprotocol.HeaderReading;
import dev.sluice.engine.tls.Alert;
import dev.sluice.engine.tls.ClientHello;
import dev.sluice.engine.tls.HelloReader;
import dev.sluice.engine.tls.HelloReading;
import dev.sluice.engine.tls.TlsServer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.Objects;

/**
 * A connection before its protocol begins: PROXY header, then ClientHello, then handshake, as far
 * as its listener has them. Confined to the connection's event loop.
 */
final class Doorway extends ChannelInboundHandlerAdapter implements ClientConnection {
    private static final Logger LOG = LoggerFactory.getLogger(Doorway.class);

    private enum Stage {
        PROXY_HEADER,
        HELLO,
        HANDSHAKE,
        OVER
    }

    private final Channel channel;
    private final Entrance entrance;
    private final Household household;
    private final Deadline deadline;
    private Peer peer;
    private Stage stage;
    private ByteBuf first = Unpooled.EMPTY_BUFFER;
    private @Nullable HelloReader helloReader;
    private TlsServer.@Nullable Handshake handshake;

    private Doorway(Channel channel, Peer peer, Entrance entrance, Household household) {
        this.channel = channel;
        this.peer = peer;
        this.entrance = entrance;
        this.household = household;
        stage = isHeaderExpected(entrance, peer) ? Stage.PROXY_HEADER : Stage.HELLO;
        deadline = new Deadline(channel.eventLoop(), this::onDeadline);
    }

    /** Leads a new connection to its protocol. */
    static void enter(Channel channel, Peer peer, Entrance entrance, Household household) {
        if (entrance.opening() instanceof Entrance.Plain && !isHeaderExpected(entrance, peer)) {
            entrance.protocol().begin(channel, peer, null);
        } else {
            channel.pipeline().addLast(new Doorway(channel, peer, entrance, household));
        }
    }

    private static boolean isHeaderExpected(Entrance entrance, Peer peer) {
        return entrance.terms().proxyProtocol().isExpectedFrom(peer.socket().remote().address());
    }

    // ---- for the keeper of connections

    @Override
    public Peer peer() {
        return peer;
    }

    /** Nothing has begun; the deadline is near. */
    @Override
    public void drain(long idleNanos) {}

    @Override
    public void cut() {
        channel.close();
    }

    // ---- life

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        household.opened(this);
        deadline.in(entrance.terms().openingNanos());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        leave();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        leave();
        ctx.fireChannelInactive();
    }

    private void leave() {
        stage = Stage.OVER;
        deadline.cancel();
        household.closed(this);
        first.release();
        first = Unpooled.EMPTY_BUFFER;
    }

    private void onDeadline() {
        if (stage == Stage.OVER) {
            channel.close();
        } else {
            refuse(Refusal.OPENING_TIMEOUT, "too slow");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(Refusal.HANDSHAKE, String.valueOf(cause.getMessage()));
    }

    private void refuse(Refusal kind, String why) {
        note(kind, why);
        channel.close();
    }

    private void note(Refusal kind, String why) {
        if (stage == Stage.OVER) {
            return;
        }
        household.onRefused(kind);
        LOG.atDebug()
                .addKeyValue("listener", entrance.listener())
                .addKeyValue("remote", peer.remote())
                .addKeyValue("why", kind.reason())
                .addKeyValue("detail", why)
                .log("connection-refused");
        stage = Stage.OVER;
    }

    /**
     * The rest of what it sends is thrown away for a while: closing at once could lose the alert.
     */
    private void refuse(Alert alert, Refusal kind, String why) {
        note(kind, why);
        channel.writeAndFlush(alert.record());
        Lingering.shutdownOutput(channel);
        deadline.in(Lingering.NANOS);
    }

    // ---- the first bytes

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (stage == Stage.OVER) {
            bytes.release();
            return;
        }
        ByteBuf fresh = bytes.retainedSlice();
        first = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), first, bytes);
        try {
            if (stage == Stage.PROXY_HEADER) {
                header(ctx);
            } else if (stage == Stage.HELLO) {
                hello(ctx, fresh);
            }
        } finally {
            fresh.release();
        }
    }

    private void header(ChannelHandlerContext ctx) {
        switch (HeaderReading.of(first)) {
            case HeaderReading.Partial() -> {}
            case HeaderReading.Malformed(String why) -> refuse(Refusal.PROXY_HEADER, why);
            case HeaderReading.Complete(var ends, int length) -> {
                first.skipBytes(length);
                ends.ifPresent(e -> peer = peer.onBehalfOf(e.source(), e.destination()));
                stage = Stage.HELLO;
                if (entrance.opening() instanceof Entrance.Plain) {
                    over(ctx, null);
                } else {
                    hello(ctx, first.duplicate());
                }
            }
        }
    }

    private void hello(ChannelHandlerContext ctx, ByteBuf fresh) {
        if (helloReader == null) {
            helloReader =
                    new HelloReader(
                            entrance.opening() instanceof Entrance.Overheard(int bytes)
                                    ? bytes
                                    : TlsServer.MAX_CLIENT_HELLO_BYTES);
        }
        switch (helloReader.read(fresh)) {
            case HelloReading.Partial() -> {}
            case HelloReading.Refused(Alert alert, String why) ->
                    refuse(alert, Refusal.CLIENT_HELLO, why);
            case HelloReading.Complete(ClientHello hello) -> {
                if (entrance.opening() instanceof Entrance.Terminated(TlsServer tls)) {
                    shakeHands(tls, hello);
                } else {
                    over(ctx, hello);
                }
            }
        }
    }

    private void shakeHands(TlsServer tls, ClientHello hello) {
        TlsServer.Handshake begun = tls.begin(hello, Instant.now());
        if (begun == null) {
            refuse(Alert.UNRECOGNIZED_NAME, Refusal.UNKNOWN_NAME, "no certificate is for it");
            return;
        }
        stage = Stage.HANDSHAKE;
        handshake = begun;
        if (begun.isStapleOverdue()) {
            household.onStapleOverdue();
        }
        ByteBuf bytes = first;
        first = Unpooled.EMPTY_BUFFER;
        SslHandler handler = begun.handler(channel.alloc());
        // Ours is the deadline.
        handler.setHandshakeTimeoutMillis(0);
        channel.pipeline().addFirst(handler);
        channel.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent shaken && handshake != null) {
            if (!shaken.isSuccess()) {
                refuse(Refusal.HANDSHAKE, String.valueOf(shaken.cause().getMessage()));
                return;
            }
            SslHandler handler = Objects.requireNonNull(channel.pipeline().get(SslHandler.class));
            Security security = handshake.verify(handler.engine().getSession());
            if (security == null) {
                refuse(Refusal.NO_CLIENT_CERTIFICATE, "the session proves nothing");
                return;
            }
            peer = peer.secured(security);
            over(ctx, null);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** The protocol is there before the doorway is gone, so that the connection is always known. */
    private void over(ChannelHandlerContext ctx, @Nullable ClientHello hello) {
        stage = Stage.OVER;
        entrance.protocol().begin(channel, peer, hello);
        ByteBuf bytes = first;
        first = Unpooled.EMPTY_BUFFER;
        if (bytes.isReadable() && channel.isOpen()) {
            ctx.fireChannelRead(bytes).fireChannelReadComplete();
        } else {
            bytes.release();
        }
        ctx.pipeline().remove(this);
    }
}
