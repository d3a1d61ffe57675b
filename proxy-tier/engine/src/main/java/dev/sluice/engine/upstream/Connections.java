package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

import java.util.Set;

/**
 * The upstream connections of one event loop: those of a client's requests live where the client's
 * own connection does, so that nothing is handed between threads. Confined to that loop.
 */
public final class Connections {
    private final Http1Pool http1;
    private final Http2Pool http2;

    public Connections(EventLoop loop, Class<? extends Channel> channelType) {
        Connector connector = new Connector(loop, channelType);
        http1 = new Http1Pool(connector);
        http2 = new Http2Pool(connector);
    }

    /**
     * Finds or makes a connection.
     *
     * @param fresh if one that was used before will not do
     */
    public void connect(HostPort endpoint, Group group, boolean fresh, ConnectionWaiter waiter) {
        switch (group.upstream().version()) {
            case H1 -> http1.connect(group.to(endpoint), group.upstream(), fresh, waiter);
            case H2 -> http2.connect(group.to(endpoint), group.upstream(), fresh, waiter);
        }
    }

    /** Connections to all others are closed as soon as nothing is on its way on them. */
    public void retain(Set<Target> targets) {
        http1.retain(targets);
        http2.retain(targets);
    }

    public void closeAll() {
        retain(Set.of());
    }
}
