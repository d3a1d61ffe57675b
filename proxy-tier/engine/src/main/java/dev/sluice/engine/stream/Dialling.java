package dev.sluice.engine.stream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.balance.Endpoint;
import dev.sluice.engine.balance.Endpoints;
import dev.sluice.engine.codec.Lingering;
import dev.sluice.engine.route.KeyReader;
import dev.sluice.engine.tls.TlsClient;
import dev.sluice.engine.upstream.ConnectionLimit;
import dev.sluice.engine.upstream.Group;
import dev.sluice.engine.upstream.Permit;
import dev.sluice.engine.upstream.Search;
import dev.sluice.engine.upstream.Waiter;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

/** Finds a server for a stream: the next endpoint that can be had. */
final class Dialling {
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final Splice splice;
    private final Group group;
    private final Class<? extends Channel> channelType;
    private final Search search;

    Dialling(Splice splice, Group group, Class<? extends Channel> channelType) {
        this.splice = splice;
        this.group = group;
        this.channelType = channelType;
        search =
                new Search(
                        group,
                        Endpoints.place(KeyReader.ofClient(splice.peer().remote().address())));
    }

    void start() {
        if (group.enter()) {
            splice.onDestination(group, search);
            dial(search.next(now()), StreamEnd.NO_ENDPOINT);
        } else {
            splice.abort(StreamEnd.OVERLOADED);
        }
    }

    private long now() {
        return splice.client().eventLoop().ticker().nanoTime();
    }

    private void dial(@Nullable Endpoint next, StreamEnd otherwise) {
        if (next == null && search.isCrowded()) {
            search.await(splice.client().eventLoop(), new Turn(otherwise));
            return;
        }
        if (next == null) {
            splice.abort(otherwise);
            return;
        }
        HostPort endpoint = next.address();
        splice.onDial(endpoint);
        ConnectionLimit limit = group.to(endpoint).limit();
        if (limit == null) {
            connect(endpoint);
            return;
        }
        limit.request(
                splice.client().eventLoop(),
                this,
                1,
                group.upstream().limits().orElseThrow().queueTimeout(),
                permit -> onPermit(permit, endpoint),
                () -> splice.abort(StreamEnd.QUEUE_TIMEOUT));
    }

    private void onPermit(Permit permit, HostPort endpoint) {
        if (splice.isOver()) {
            permit.end();
        } else {
            permit.endWith(connect(endpoint));
        }
    }

    private ChannelFuture connect(HostPort endpoint) {
        return connect(endpoint, splice.serverSide())
                .addListener(done -> {
                    Channel made = ((ChannelFuture) done).channel();
                    if (done.isSuccess() && !splice.isOver()) {
                        greet(endpoint, made);
                    } else {
                        // A server must not take a client that failed for one that had no more to
                        // say.
                        Lingering.reset(made);
                        onFailed("connect failed");
                    }
                });
    }

    /** Is called when there is a place at an endpoint. */
    private final class Turn implements Waiter {
        private final StreamEnd otherwise;

        Turn(StreamEnd otherwise) {
            this.otherwise = otherwise;
        }

        @Override
        public void onPlace(Endpoint endpoint) {
            dial(endpoint, otherwise);
        }

        @Override
        public void onLineFull() {
            splice.abort(StreamEnd.QUEUE_FULL);
        }

        @Override
        public void onWaitedTooLong() {
            splice.abort(StreamEnd.QUEUE_TIMEOUT);
        }
    }

    /** The header comes before everything else, also before TLS. */
    private void greet(HostPort endpoint, Channel made) {
        splice.introduce(made, group.upstream());
        TlsClient tls = group.to(endpoint).tls();
        if (tls == null) {
            onConnected(made);
            return;
        }
        SslHandler handler = tls.handler(made.alloc(), endpoint.port(), timeoutMillis());
        made.pipeline().addFirst(handler);
        handler.handshakeFuture()
                .addListener(shaken -> {
                    if (shaken.isSuccess() && !splice.isOver()) {
                        onConnected(made);
                    } else {
                        Lingering.reset(made);
                        onFailed("TLS failed");
                    }
                });
    }

    private void onConnected(Channel made) {
        search.answered(now());
        search.becomeTunnel();
        splice.onConnected(made);
    }

    private void onFailed(String why) {
        if (!splice.isOver()) {
            dial(search.nextAfterFailure(why, now()), StreamEnd.CONNECT_FAILED);
        }
    }

    private int timeoutMillis() {
        return Math.toIntExact(group.upstream().connectTimeout().toMillis());
    }

    private ChannelFuture connect(HostPort endpoint, ChannelHandler side) {
        return new Bootstrap()
                .group(splice.client().eventLoop())
                .channel(channelType)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis())
                .handler(side)
                .connect(endpoint.inet());
    }
}
