package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.Upstream;
import dev.sluice.engine.http.UpstreamStream;

import java.util.HashSet;
import java.util.Set;

/** Connections that may take each other's requests. Confined to an event loop. */
final class Pools {
    private final Http1Pool http1;
    private final Http2Pool http2;

    /** Who may choose, and chose HTTP/1.1. */
    private final Set<Target> chosenHttp1 = new HashSet<>();

    /**
     * @param sharers among how many of these an endpoint's limit is divided
     */
    Pools(Connector connector, int sharers) {
        http1 = new Http1Pool(connector);
        http2 = new Http2Pool(connector, sharers);
    }

    void connect(Target target, Upstream upstream, boolean fresh, ConnectionWaiter waiter) {
        switch (target.version()) {
            case H1 -> http1.connect(target, upstream, fresh, waiter);
            case H2 -> http2.connect(target, upstream, fresh, waiter);
            case AUTO -> agree(target, upstream, fresh, waiter);
        }
    }

    /**
     * All are asked for HTTP/2, where those who come at the same time wait for one connection. What
     * an endpoint chooses instead is remembered, until it changes its mind.
     */
    private void agree(Target target, Upstream upstream, boolean fresh, ConnectionWaiter waiter) {
        if (chosenHttp1.contains(target)) {
            http1.connect(
                    target,
                    upstream,
                    fresh,
                    new Otherwise(
                            waiter,
                            () -> {
                                chosenHttp1.remove(target);
                                http2.connect(target, upstream, fresh, waiter);
                            }));
        } else {
            http2.connect(
                    target,
                    upstream,
                    fresh,
                    new Otherwise(
                            waiter,
                            () -> {
                                chosenHttp1.add(target);
                                http1.connect(target, upstream, fresh, waiter);
                            }));
        }
    }

    /** Waits for a connection of one version, and for another one if that was not chosen. */
    private record Otherwise(ConnectionWaiter waiter, Runnable other) implements ConnectionWaiter {
        @Override
        public void onConnected(UpstreamStream stream) {
            waiter.onConnected(stream);
        }

        @Override
        public void onConnectFailed(Throwable cause) {
            if (cause instanceof Connector.OtherVersion) {
                other.run();
            } else {
                waiter.onConnectFailed(cause);
            }
        }
    }

    /** Connections to all others are closed as soon as nothing is on its way on them. */
    void retain(Set<Target> targets) {
        chosenHttp1.retainAll(targets);
        http1.retain(targets);
        http2.retain(targets);
    }
}
