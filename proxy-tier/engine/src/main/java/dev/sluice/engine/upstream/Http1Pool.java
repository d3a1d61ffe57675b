package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.codec.Http1Upstream;

import io.netty.channel.Channel;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Connections of HTTP/1.1 that rest between two requests. Confined to an event loop. */
final class Http1Pool {
    private final Connector connector;

    /** Resting ones by endpoint, the one used last at the end. */
    private final Map<Target, Deque<Http1Upstream>> resting = new HashMap<>();

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
        Home home = new Home(target, upstream.keepAlive());
        connector.connect(
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
        Deque<Http1Upstream> deque = resting.get(target);
        while (deque != null && !deque.isEmpty()) {
            Http1Upstream last = deque.removeLast();
            if (last.isUsable()) {
                return last;
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
        Deque<Http1Upstream> deque = resting.remove(target);
        if (deque != null) {
            new ArrayList<>(deque).forEach(Http1Upstream::close);
        }
    }

    /** Where a connection returns to. */
    private final class Home implements Http1Upstream.Home {
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

        /** Nothing is left behind of a connection that came to nothing. */
        Throwable failed(@Nullable Throwable failure) {
            if (connection != null) {
                connection.close();
            }
            return failure == null ? new IllegalStateException("no connection") : failure;
        }

        @Override
        public void onFree(Http1Upstream free) {
            Deque<Http1Upstream> deque = resting.computeIfAbsent(target, _ -> new ArrayDeque<>());
            if (wanted.contains(target) && deque.size() < keepAlive.connections()) {
                deque.addLast(free);
                free.rest(keepAlive.idle().toNanos());
            } else {
                free.close();
            }
        }

        @Override
        public void onMalformed(String detail, Excerpt excerpt) {
            connector.onMalformed(target, "HTTP/1.1", detail, excerpt);
        }

        @Override
        public void onClosed(Http1Upstream closed) {
            Deque<Http1Upstream> deque = resting.get(target);
            if (deque != null && deque.remove(closed) && deque.isEmpty()) {
                resting.remove(target);
            }
        }
    }
}
