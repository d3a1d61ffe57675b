package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.codec.Http1Upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Connections of HTTP/1.1 that rest between two requests. Confined to an event loop. */
final class Http1Pool {
    private final Connector connector;

    /** Resting ones by endpoint, the one used last at the end. */
    private final Map<Target, Deque<Home>> resting = new HashMap<>();

    private Set<Target> wanted = Set.of();

    Http1Pool(Connector connector) {
        this.connector = connector;
    }

    /**
     * Finds or makes a connection.
     *
     * @param fresh if a resting one will not do
     */
    void connect(Target target, Upstream upstream, boolean fresh, ConnectionWaiter waiter) {
        Http1Upstream rested = fresh ? null : takeResting(target);
        if (rested != null) {
            rested.reserve(upstream.responseTimeout().toNanos());
            waiter.onConnected(rested);
            return;
        }
        ConnectionLimit limit = target.limit();
        if (limit == null) {
            dial(target, upstream, waiter);
            return;
        }
        limit.request(
                connector.loop(),
                this,
                1,
                upstream.limits().orElseThrow().queueTimeout(),
                permit -> permit.endWith(dial(target, upstream, waiter)),
                () -> waiter.onConnectFailed(new LimitReached(target.endpoint())));
    }

    private ChannelFuture dial(Target target, Upstream upstream, ConnectionWaiter waiter) {
        Home home = new Home(target, upstream.keepAlive());
        return connector.connect(
                target,
                HttpVersion.H1,
                Math.toIntExact(upstream.connectTimeout().toMillis()),
                home::install,
                failure -> {
                    Http1Upstream made = home.connection;
                    if (failure == null && made != null) {
                        made.reserve(upstream.responseTimeout().toNanos());
                        waiter.onConnected(made);
                    } else {
                        waiter.onConnectFailed(home.failed(failure));
                    }
                });
    }

    private @Nullable Http1Upstream takeResting(Target target) {
        Deque<Home> deque = resting.get(target);
        while (deque != null && !deque.isEmpty()) {
            Home last = deque.removeLast();
            last.works();
            if (last.connection().isUsable()) {
                return last.connection();
            }
        }
        return null;
    }

    /** Connections to all others are closed as soon as they rest. */
    void retain(Set<Target> targets) {
        wanted = targets;
        List<Target> gone =
                resting.keySet().stream().filter(target -> !wanted.contains(target)).toList();
        gone.forEach(this::closeResting);
    }

    private void closeResting(Target target) {
        Deque<Home> deque = resting.remove(target);
        if (deque != null) {
            deque.forEach(Home::works);
            new ArrayList<>(deque).forEach(home -> home.connection().close());
        }
    }

    /** Where a connection returns to. */
    private final class Home implements Http1Upstream.Home, ConnectionLimit.Spare {
        private final Target target;
        private final Upstream.KeepAlive keepAlive;
        private @Nullable Http1Upstream connection;

        Home(Target target, Upstream.KeepAlive keepAlive) {
            this.target = target;
            this.keepAlive = keepAlive;
        }

        void install(Channel channel) {
            connection = Http1Upstream.install(channel, this);
        }

        Http1Upstream connection() {
            return Objects.requireNonNull(connection);
        }

        /** Nothing is left behind of a connection that came to nothing. */
        Throwable failed(@Nullable Throwable failure) {
            if (connection != null) {
                connection.close();
            }
            return failure == null ? new IllegalStateException("no connection") : failure;
        }

        @Override
        public void onFree(Http1Upstream free) {
            Deque<Home> deque = resting.computeIfAbsent(target, _ -> new ArrayDeque<>());
            boolean mayRest = wanted.contains(target) && deque.size() < keepAlive.connections();
            if (mayRest && rests()) {
                deque.addLast(this);
                free.rest(keepAlive.idle().toNanos());
            } else {
                free.close();
            }
        }

        private boolean rests() {
            ConnectionLimit limit = target.limit();
            return limit == null || limit.rests(this);
        }

        void works() {
            ConnectionLimit limit = target.limit();
            if (limit != null) {
                limit.works(this);
            }
        }

        @Override
        public void giveUp() {
            if (!connector.loop().isShuttingDown()) {
                connector.loop().execute(this::closeIfResting);
            }
        }

        private void closeIfResting() {
            if (resting.getOrDefault(target, new ArrayDeque<>()).contains(this)) {
                connection().close();
            } else {
                Objects.requireNonNull(target.limit()).makeRoom();
            }
        }

        @Override
        public void onMalformed(String detail, Excerpt excerpt) {
            connector.onMalformed(target, "HTTP/1.1", detail, excerpt);
        }

        @Override
        public void onClosed(Http1Upstream closed) {
            Deque<Home> deque = resting.get(target);
            if (deque != null && deque.remove(this)) {
                works();
                if (deque.isEmpty()) {
                    resting.remove(target);
                }
            }
        }
    }
}
