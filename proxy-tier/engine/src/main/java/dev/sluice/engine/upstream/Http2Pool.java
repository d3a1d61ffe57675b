package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.codec.Http2Upstream;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * Connections of HTTP/2, each for as many requests as its endpoint takes at a time. While one is
 * being made those who come wait for it. Confined to an event loop.
 */
final class Http2Pool {
    private final Connector connector;
    private final Map<Target, List<Http2Upstream>> open = new HashMap<>();
    private final Map<Target, Opening> openings = new HashMap<>();
    private Set<Target> wanted = Set.of();

    Http2Pool(Connector connector) {
        this.connector = connector;
    }

    /** Finds or makes a stream; a fresh one is on a connection that was made for it. */
    void connect(Target target, Upstream upstream, boolean fresh, ConnectionWaiter waiter) {
        Http2Upstream free = fresh ? null : free(target);
        if (free != null) {
            waiter.onConnected(free.stream(upstream.responseTimeout().toNanos()));
            return;
        }
        Opening opening = openings.get(target);
        if (opening == null) {
            opening = new Opening(target, upstream);
            openings.put(target, opening);
            opening.waiters.add(waiter);
            opening.begin();
        } else {
            opening.waiters.add(waiter);
        }
    }

    private @Nullable Http2Upstream free(Target target) {
        for (Http2Upstream connection : open.getOrDefault(target, List.of())) {
            if (connection.takesStreams()) {
                return connection;
            }
        }
        return null;
    }

    void retain(Set<Target> targets) {
        wanted = targets;
        for (Map.Entry<Target, List<Http2Upstream>> entry : Map.copyOf(open).entrySet()) {
            if (!wanted.contains(entry.getKey())) {
                open.remove(entry.getKey());
                List.copyOf(entry.getValue()).forEach(Http2Upstream::retire);
            }
        }
    }

    /** A connection on its way, and who waits for it. */
    private final class Opening implements Http2Upstream.Home {
        private final Target target;
        private final Upstream upstream;
        private final Queue<ConnectionWaiter> waiters = new ArrayDeque<>();
        private @Nullable Http2Upstream made;

        Opening(Target target, Upstream upstream) {
            this.target = target;
            this.upstream = upstream;
        }

        void begin() {
            int timeoutMillis = Math.toIntExact(upstream.connectTimeout().toMillis());
            connector.connect(
                    target,
                    HttpVersion.H2,
                    timeoutMillis,
                    channel ->
                            made =
                                    Http2Upstream.install(
                                            channel, this, upstream.keepAlive().idle().toNanos()),
                    failure -> {
                        if (failure != null) {
                            fail(failure);
                        } else if (made != null) {
                            made.awaitSettings(upstream.connectTimeout().toNanos());
                        }
                    });
        }

        private void fail(Throwable why) {
            openings.remove(target, this);
            if (made != null) {
                made.close();
            }
            for (ConnectionWaiter next = waiters.poll(); next != null; next = waiters.poll()) {
                next.onConnectFailed(why);
            }
        }

        @Override
        public void onReady(Http2Upstream connection) {
            openings.remove(target, this);
            if (wanted.contains(target)) {
                open.computeIfAbsent(target, _ -> new ArrayList<>()).add(connection);
            }
            while (!waiters.isEmpty() && connection.takesStreams()) {
                waiters.remove()
                        .onConnected(connection.stream(upstream.responseTimeout().toNanos()));
            }
            // More of them than the endpoint takes at a time: the rest needs another connection.
            for (ConnectionWaiter next = waiters.poll(); next != null; next = waiters.poll()) {
                connect(target, upstream, false, next);
            }
            if (!wanted.contains(target)) {
                connection.retire();
            }
        }

        @Override
        public void onRetired(Http2Upstream connection) {
            List<Http2Upstream> all = open.get(target);
            if (all != null && all.remove(connection) && all.isEmpty()) {
                open.remove(target);
            }
        }

        @Override
        public void onMalformed(String detail, Excerpt excerpt) {
            connector.onMalformed(target, "HTTP/2", detail, excerpt);
        }

        @Override
        public void onClosed(Http2Upstream connection, Throwable why) {
            onRetired(connection);
            fail(why);
        }
    }
}
