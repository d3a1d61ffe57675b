package dev.sluice.engine.upstream;

import dev.sluice.cluster.l7.Upstream;

import java.util.Set;

/** Connections that may take each other's requests. Confined to an event loop. */
final class Pools {
    private final Http1Pool http1;
    private final Http2Pool http2;

    Pools(Connector connector) {
        http1 = new Http1Pool(connector);
        http2 = new Http2Pool(connector);
    }

    void connect(Target target, Upstream upstream, boolean fresh, ConnectionWaiter waiter) {
        switch (target.version()) {
            case H1 -> http1.connect(target, upstream, fresh, waiter);
            case H2 -> http2.connect(target, upstream, fresh, waiter);
        }
    }

    /** Connections to all others are closed as soon as nothing is on its way on them. */
    void retain(Set<Target> targets) {
        http1.retain(targets);
        http2.retain(targets);
    }
}
