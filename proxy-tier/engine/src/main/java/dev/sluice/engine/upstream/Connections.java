package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.l7.HttpVersion;
import dev.sluice.cluster.l7.UpstreamVersion;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.proxyprotocol.Ends;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The upstream connections of one event loop: those of a client's requests live where the client's
 * own connection does, so that nothing is handed between threads. All clients share them, but for
 * connections that begin with the name of one. Confined to that loop.
 */
public final class Connections {
    private final Connector connector;
    private final Pools shared;
    private final Map<Peer.Socket, Pools> owned = new HashMap<>();
    private Set<Target> wanted = Set.of();

    /**
     * @param loops on how many loops there are connections to the same endpoints
     * @param malformed hears of responses that are not valid
     */
    public Connections(
            EventLoop loop,
            int loops,
            Class<? extends Channel> channelType,
            Consumer<Capture> malformed) {
        connector = new Connector(loop, channelType, malformed);
        shared = new Pools(connector, loops);
    }

    /**
     * Finds or makes a connection.
     *
     * @param client for whose request it is
     * @param fresh if one that was used before will not do
     */
    public void connect(
            HostPort endpoint, Group group, Peer client, boolean fresh, ConnectionWaiter waiter) {
        connect(group.to(endpoint), group, client, fresh, waiter);
    }

    /** As {@link #connect}, for who asks how the endpoint is: such connections do not count. */
    public void check(
            HostPort endpoint, Group group, Peer client, boolean fresh, ConnectionWaiter waiter) {
        connect(group.beside(endpoint), group, client, fresh, waiter);
    }

    private void connect(
            Target target, Group group, Peer client, boolean fresh, ConnectionWaiter waiter) {
        Pools pools = target.proxyProtocol().isEmpty() ? shared : of(client);
        pools.connect(target, group.upstream(), fresh, waiter);
    }

    /**
     * Finds out whether a connection can be made, its TLS included, and closes it.
     *
     * @param done hears why not; null if it can
     */
    public void probe(Target target, int timeoutMillis, Consumer<@Nullable Throwable> done) {
        AtomicReference<@Nullable Channel> made = new AtomicReference<>();
        Ends self = new Ends(target.endpoint(), target.endpoint());
        connector
                .of(self)
                .connect(
                        target,
                        target.version() == UpstreamVersion.H2 ? HttpVersion.H2 : null,
                        timeoutMillis,
                        made::set,
                        failure -> {
                            Channel channel = made.get();
                            if (channel != null) {
                                channel.close();
                            }
                            done.accept(failure);
                        });
    }

    private Pools of(Peer client) {
        return owned.computeIfAbsent(
                client.socket(),
                _ -> {
                    Ends told = new Ends(client.remote(), client.local());
                    Pools made = new Pools(connector.of(told), 1);
                    made.retain(wanted);
                    return made;
                });
    }

    /** What speaks for a client is of no use without it. */
    public void onClientGone(Peer.Socket client) {
        if (!owned.isEmpty()) {
            Pools left = owned.remove(client);
            if (left != null) {
                left.retain(Set.of());
            }
        }
    }

    /** Connections to all others are closed as soon as nothing is on its way on them. */
    public void retain(Set<Target> targets) {
        wanted = targets;
        shared.retain(targets);
        owned.values().forEach(pools -> pools.retain(targets));
    }

    public void closeAll() {
        retain(Set.of());
    }
}
