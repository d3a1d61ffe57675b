package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.codec.Http1Upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The upstream connections of one event loop: those of a client's requests live where the client's
 * own connection does, so that nothing is handed between threads. Confined to that loop.
 */
public final class Connections {
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final EventLoop loop;
    private final Bootstrap bootstrap;

    /** Resting ones by endpoint, the one used last at the end. */
    private final Map<HostPort, Deque<Http1Upstream>> resting = new HashMap<>();

    private Set<HostPort> wanted = Set.of();

    public Connections(EventLoop loop, Class<? extends Channel> channelType) {
        this.loop = loop;
        bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(channelType)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        // A failed write must not throw away a response that can still be read.
                        .option(ChannelOption.AUTO_CLOSE, false);
    }

    /**
     * Finds or makes a connection.
     *
     * @param fresh if a resting one will not do
     */
    public void connect(
            HostPort endpoint, Upstream upstream, boolean fresh, ConnectionWaiter waiter) {
        Http1Upstream rested = fresh ? null : takeResting(endpoint);
        if (rested != null) {
            rested.reserve(upstream.responseTimeout().toNanos());
            waiter.onConnected(rested);
            return;
        }
        Home home = new Home(endpoint, upstream.keepAlive());
        ChannelFuture connecting =
                bootstrap
                        .clone()
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                Math.toIntExact(upstream.connectTimeout().toMillis()))
                        .handler(home)
                        .connect(endpoint.inet());
        connecting.addListener(done -> {
            Http1Upstream made = home.connection;
            if (done.isSuccess() && made != null) {
                made.reserve(upstream.responseTimeout().toNanos());
                waiter.onConnected(made);
            } else {
                waiter.onConnectFailed(done.cause());
            }
        });
    }

    private @Nullable Http1Upstream takeResting(HostPort endpoint) {
        Deque<Http1Upstream> deque = resting.get(endpoint);
        while (deque != null && !deque.isEmpty()) {
            Http1Upstream last = deque.removeLast();
            if (last.isUsable()) {
                return last;
            }
        }
        return null;
    }

    /** Connections to all other endpoints are closed as soon as they rest. */
    public void retain(Set<HostPort> endpoints) {
        wanted = Set.copyOf(endpoints);
        List<HostPort> gone =
                resting.keySet().stream().filter(endpoint -> !wanted.contains(endpoint)).toList();
        gone.forEach(this::closeResting);
    }

    public void closeAll() {
        retain(Set.of());
    }

    private void closeResting(HostPort endpoint) {
        Deque<Http1Upstream> deque = resting.remove(endpoint);
        if (deque != null) {
            new ArrayList<>(deque).forEach(Http1Upstream::close);
        }
    }

    int restingFor(HostPort endpoint) {
        Deque<Http1Upstream> deque = resting.get(endpoint);
        return deque == null ? 0 : deque.size();
    }

    EventLoop loop() {
        return loop;
    }

    /** Where a connection to the endpoint returns to. */
    private final class Home extends ChannelInitializer<Channel> implements Http1Upstream.Home {
        private final HostPort endpoint;
        private final Upstream.KeepAlive keepAlive;
        private @Nullable Http1Upstream connection;

        Home(HostPort endpoint, Upstream.KeepAlive keepAlive) {
            this.endpoint = endpoint;
            this.keepAlive = keepAlive;
        }

        @Override
        protected void initChannel(Channel channel) {
            connection = Http1Upstream.install(channel, this);
        }

        @Override
        public void onFree(Http1Upstream free) {
            Deque<Http1Upstream> deque = resting.computeIfAbsent(endpoint, _ -> new ArrayDeque<>());
            if (wanted.contains(endpoint) && deque.size() < keepAlive.connections()) {
                deque.addLast(free);
                free.rest(keepAlive.idle().toNanos());
            } else {
                free.close();
            }
        }

        @Override
        public void onClosed(Http1Upstream closed) {
            Deque<Http1Upstream> deque = resting.get(endpoint);
            if (deque != null && deque.remove(closed) && deque.isEmpty()) {
                resting.remove(endpoint);
            }
        }
    }
}
