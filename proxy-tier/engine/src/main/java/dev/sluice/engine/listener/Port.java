package dev.sluice.engine.listener;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.cluster.pool.Address;
import dev.sluice.engine.Transport;
import dev.sluice.engine.codec.ServerEnvironment;
import dev.sluice.engine.http.Peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.UnixChannelOption;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A bound address. Bound first, opened later: until then connections wait in the kernel's queue.
 * Which listener a connection belongs to is looked up when it comes in, so that a new configuration
 * needs no new socket.
 */
public final class Port {
    private static final int BACKLOG = 4096;
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 << 10, 256 << 10);

    private final HostPort address;
    private final List<Channel> channels = new ArrayList<>();

    private Port(HostPort address) {
        this.address = address;
    }

    /** What connections of all ports share. */
    public interface Building {
        /** The listener of an address by the configuration of this moment; null if it has none. */
        @Nullable Entrance entrance(HostPort address);

        ServerEnvironment.Household household(EventLoop loop);
    }

    /**
     * Binds a socket for each event loop: the kernel spreads connections over them, and none is
     * handed from one thread to another. Blocks: not for event loops.
     *
     * @throws IOException if one cannot be bound, and then none is
     */
    public static Port bind(
            HostPort address,
            Collection<? extends EventLoop> loops,
            Transport transport,
            Building building)
            throws IOException {
        requireFree(address);
        Port port = new Port(address);
        for (EventLoop loop : loops) {
            ChannelFuture bind = port.bind(loop, transport, building);
            if (!bind.isSuccess()) {
                port.close();
                throw bind.cause() instanceof IOException io ? io : new IOException(bind.cause());
            }
            port.channels.add(bind.channel());
        }
        return port;
    }

    /**
     * Sockets that share an address share it with those of any process of the same user: a second
     * proxy on the host would take half of the connections, unnoticed.
     */
    private static void requireFree(HostPort address) throws IOException {
        try (Socket probe = new Socket()) {
            probe.setReuseAddress(true);
            probe.bind(address.inet());
        }
    }

    private ChannelFuture bind(EventLoop loop, Transport transport, Building building) {
        return new ServerBootstrap()
                .group(loop)
                .channel(transport.serverType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(UnixChannelOption.SO_REUSEPORT, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new Admission(address, building))
                .bind(address.inet())
                .awaitUninterruptibly();
    }

    public HostPort address() {
        return address;
    }

    /** Connections are taken from here on. */
    public void open() {
        channels.forEach(channel -> channel.config().setAutoRead(true));
    }

    /** No more connections are taken; those that were live on. */
    public void close() {
        List<ChannelFuture> closing = channels.stream().map(Channel::close).toList();
        closing.forEach(ChannelFuture::awaitUninterruptibly);
    }

    /** Lets a connection in. */
    private static final class Admission extends ChannelInitializer<Channel> {
        private final HostPort address;
        private final Building building;

        Admission(HostPort address, Building building) {
            this.address = address;
            this.building = building;
        }

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void initChannel(Channel channel) {
            Entrance entrance = building.entrance(address);
            ServerEnvironment.Household household = building.household(channel.eventLoop());
            if (entrance == null || !household.takesConnections() || !entrance.enter()) {
                channel.close();
                return;
            }
            Peer peer = peer(channel);
            channel.closeFuture()
                    .addListener(_ -> {
                        entrance.leave();
                        household.left(peer.socket());
                    });
            Doorway.enter(channel, peer, entrance, household);
        }

        private Peer peer(Channel channel) {
            return new Peer(
                    hostPort(channel.remoteAddress(), address),
                    hostPort(channel.localAddress(), address),
                    false);
        }

        /** A socket that is gone already has no address; it will not be asked for it long. */
        private static HostPort hostPort(java.net.@Nullable SocketAddress socket, HostPort other) {
            return socket instanceof InetSocketAddress inet && inet.getAddress() != null
                    ? new HostPort(Address.of(inet.getAddress().getAddress()), inet.getPort())
                    : other;
        }
    }
}
