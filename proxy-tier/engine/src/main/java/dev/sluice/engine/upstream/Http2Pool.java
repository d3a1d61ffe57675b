package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.codec.Http2Upstream;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.channel.ChannelFuture;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;

/**
 * Connections of HTTP/2, each for as many requests as its endpoint takes at a time. While one is
 * being made those who come wait for it. Confined to an event loop.
 */
final class Http2Pool {
    private final Connector connector;
    private final int sharers;
    private final Map<Target, List<Home>> open = new HashMap<>();
    private final Map<Target, Home> openings = new HashMap<>();
    private Set<Target> wanted = Set.of();

    /**
     * @param sharers among how many pools an endpoint's limit is divided: a connection may be in
     *     use forever, and nobody shall have to wait for it
     */
    Http2Pool(Connector connector, int sharers) {
        this.connector = connector;
        this.sharers = sharers;
    }

    /** Finds or makes a stream; a fresh one is on a connection that was made for it. */
    void connect(Target target, Upstream upstream, boolean fresh, ConnectionWaiter waiter) {
        // Where there may be no other, one that was used before must do.
        Home free = fresh && target.limit() == null ? null : free(target);
        if (free != null) {
            waiter.onConnected(free.stream(upstream));
            return;
        }
        Home opening = openings.get(target);
        if (opening == null) {
            opening = new Home(target, upstream);
            openings.put(target, opening);
            opening.waiters.add(waiter);
            opening.begin();
        } else {
            opening.waiters.add(waiter);
        }
    }

    private @Nullable Home free(Target target) {
        for (Home home : open.getOrDefault(target, List.of())) {
            if (home.takesStreams()) {
                return home;
            }
        }
        return null;
    }

    void retain(Set<Target> targets) {
        wanted = targets;
        for (Map.Entry<Target, List<Home>> entry : Map.copyOf(open).entrySet()) {
            if (!wanted.contains(entry.getKey())) {
                open.remove(entry.getKey());
                List.copyOf(entry.getValue()).forEach(Home::retire);
            }
        }
    }

    /** A connection, from when it is wanted to its end, and who waits for it. */
    private final class Home implements Http2Upstream.Home, ConnectionLimit.Spare {
        private final Target target;
        private final Upstream upstream;
        private final Queue<ConnectionWaiter> waiters = new ArrayDeque<>();

        /** Null without a limit. */
        private @Nullable Permit permit;

        private @Nullable Http2Upstream made;

        Home(Target target, Upstream upstream) {
            this.target = target;
            this.upstream = upstream;
        }

        void begin() {
            ConnectionLimit limit = target.limit();
            if (limit == null) {
                dial();
                return;
            }
            permit =
                    limit.request(
                            connector.loop(),
                            Http2Pool.this,
                            sharers,
                            upstream.limits().orElseThrow().queueTimeout(),
                            granted -> granted.endWith(dial()),
                            () -> fail(new LimitReached(target.endpoint())));
        }

        private ChannelFuture dial() {
            int timeoutMillis = Math.toIntExact(upstream.connectTimeout().toMillis());
            return connector.connect(
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

        // ---- one that is there

        private Http2Upstream connection() {
            return Objects.requireNonNull(made);
        }

        boolean takesStreams() {
            return connection().takesStreams();
        }

        /** Only if it takes one. */
        UpstreamStream stream(Upstream rules) {
            works();
            return connection().stream(rules.responseTimeout().toNanos());
        }

        void retire() {
            connection().retire();
        }

        /** Those who wait for the opening of one go on here, as many as find room. */
        private void take(Home opening) {
            while (!opening.waiters.isEmpty() && takesStreams()) {
                opening.waiters.remove().onConnected(stream(opening.upstream));
            }
        }

        @Override
        public void onReady(Http2Upstream connection) {
            openings.remove(target, this);
            if (wanted.contains(target)) {
                open.computeIfAbsent(target, _ -> new ArrayList<>()).add(this);
            }
            take(this);
            // More of them than the endpoint takes at a time: the rest needs another connection.
            for (ConnectionWaiter next = waiters.poll(); next != null; next = waiters.poll()) {
                connect(target, upstream, false, next);
            }
            if (!wanted.contains(target)) {
                connection.retire();
            } else if (connection.isIdle()) {
                rest();
            }
        }

        @Override
        public void onRetired(Http2Upstream connection) {
            works();
            List<Home> all = open.get(target);
            if (all != null && all.remove(this) && all.isEmpty()) {
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

        // ---- within the limit

        @Override
        public boolean watchesFree() {
            return target.limit() != null;
        }

        @Override
        public void onFree(Http2Upstream connection) {
            Home opening = openings.get(target);
            if (opening != null) {
                take(opening);
                opening.cancelIfUnwanted();
            }
            if (connection.isIdle()) {
                rest();
            }
        }

        /** Its waiters found room elsewhere before it got a permit. */
        private void cancelIfUnwanted() {
            if (waiters.isEmpty() && permit != null && permit.cancel()) {
                openings.remove(target, this);
            }
        }

        private void rest() {
            ConnectionLimit limit = target.limit();
            if (limit != null && !limit.rests(this)) {
                retire();
            }
        }

        private void works() {
            ConnectionLimit limit = target.limit();
            if (limit != null) {
                limit.works(this);
            }
        }

        @Override
        public void giveUp() {
            if (!connector.loop().isShuttingDown()) {
                connector.loop().execute(this::closeIfIdle);
            }
        }

        private void closeIfIdle() {
            if (open.getOrDefault(target, List.of()).contains(this) && connection().isIdle()) {
                retire();
            } else {
                Objects.requireNonNull(target.limit()).makeRoom();
            }
        }
    }
}
