package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.proxyprotocol.Ends;
import dev.sluice.engine.proxyprotocol.Headers;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.util.Objects;
import java.util.function.Consumer;

/** Makes connections: nobody gets one before TLS, if it is wanted, has proven who is there. */
final class Connector {
    private static final byte[] NOTHING = {};
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final Bootstrap bootstrap;

    private final EventLoop loop;

    /** Whom endpoints hear of that want to know; null where none does. */
    private final @Nullable Ends client;

    private final Consumer<Capture> malformed;

    private Connector(
            Bootstrap bootstrap,
            EventLoop loop,
            @Nullable Ends client,
            Consumer<Capture> malformed) {
        this.bootstrap = bootstrap;
        this.loop = loop;
        this.client = client;
        this.malformed = malformed;
    }

    /**
     * @param malformed hears of responses that are not valid
     */
    Connector(EventLoop loop, Class<? extends Channel> channelType, Consumer<Capture> malformed) {
        this(
                new Bootstrap()
                        .group(loop)
                        .channel(channelType)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        // A failed write must not throw away a response that can still be read.
                        .option(ChannelOption.AUTO_CLOSE, false),
                loop,
                null,
                malformed);
    }

    EventLoop loop() {
        return loop;
    }

    /** An endpoint sent what is no response. */
    void onMalformed(Target target, String version, String detail, Excerpt excerpt) {
        malformed.accept(Capture.response(version, target.endpoint(), detail, excerpt));
    }

    /** Whose connections speak for that client. */
    Connector of(Ends owner) {
        return new Connector(bootstrap, loop, owner, malformed);
    }

    /**
     * Connects.
     *
     * @param as what is to be spoken; null for whatever the endpoint chooses
     * @param timeoutMillis of the connect, and again of the TLS handshake
     * @param install adds the codec to the pipeline
     * @param done hears of the end: null if all is well
     * @return what ends when the connection is there, ahead of TLS
     */
    ChannelFuture connect(
            Target target,
            @Nullable HttpVersion as,
            int timeoutMillis,
            Consumer<Channel> install,
            Consumer<@Nullable Throwable> done) {
        Opening opening = new Opening(target, header(target), timeoutMillis, install);
        ChannelFuture connecting =
                bootstrap
                        .clone()
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                        .handler(opening)
                        .connect(target.endpoint().inet());
        return connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                opening.secure(as, done);
            } else {
                done.accept(connected.cause());
            }
        });
    }

    private byte[] header(Target target) {
        return target.proxyProtocol()
                .map(version -> Headers.write(version, Objects.requireNonNull(client)))
                .orElse(NOTHING);
    }

    /** The endpoint is there, and chose to speak something else. */
    static final class OtherVersion extends ConnectException {
        private static final long serialVersionUID = 1;

        OtherVersion(HttpVersion chosen) {
            super("the endpoint chose HTTP/" + (chosen == HttpVersion.H2 ? "2" : "1.1"));
        }
    }

    /** Sets a channel up. */
    private static final class Opening extends ChannelInitializer<Channel> {
        private final Target target;
        private final byte[] header;
        private final int timeoutMillis;
        private final Consumer<Channel> install;
        private @Nullable SslHandler tls;

        Opening(Target target, byte[] header, int timeoutMillis, Consumer<Channel> install) {
            this.target = target;
            this.header = header;
            this.timeoutMillis = timeoutMillis;
            this.install = install;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (header.length > 0) {
                channel.pipeline().addLast(new Introduction(header));
            }
            if (target.tls() != null) {
                SslHandler handler =
                        target.tls()
                                .handler(channel.alloc(), target.endpoint().port(), timeoutMillis);
                tls = handler;
                channel.pipeline().addLast(handler);
            }
            install.accept(channel);
        }

        void secure(@Nullable HttpVersion as, Consumer<@Nullable Throwable> done) {
            SslHandler handler = tls;
            if (handler == null) {
                done.accept(null);
                return;
            }
            handler.handshakeFuture()
                    .addListener(shaken ->
                            done.accept(shaken.isSuccess() ? agreed(handler, as) : shaken.cause()));
        }

        /** Who does not know ALPN speaks HTTP/1.1. */
        private static @Nullable Throwable agreed(SslHandler handler, @Nullable HttpVersion as) {
            boolean h2 = ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol());
            HttpVersion chosen = h2 ? HttpVersion.H2 : HttpVersion.H1;
            return as == null || as == chosen ? null : new OtherVersion(chosen);
        }
    }
}
