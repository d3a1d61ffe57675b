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
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

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
    private final Channel channel;

    private Port(HostPort address, Channel channel) {
        this.address = address;
        this.channel = channel;
    }

    /** What connections of all ports share. */
    public interface Building {
        /** The listener of an address by the configuration of this moment; null if it has none. */
        @Nullable Entrance entrance(HostPort address);

        ServerEnvironment.Household household(EventLoop loop);
    }

    /** Waits for the bind: not for event loops. The result's cause says why it failed. */
    public static ChannelFuture bind(
            HostPort address, EventLoopGroup loops, Transport transport, Building building) {
        return new ServerBootstrap()
                .group(loops)
                .channel(transport.serverType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new Admission(address, building))
                .bind(address.inet())
                .awaitUninterruptibly();
    }

    public static Port of(HostPort address, Channel bound) {
        return new Port(address, bound);
    }

    public HostPort address() {
        return address;
    }

    /** Connections are taken from here on. */
    public void open() {
        channel.config().setAutoRead(true);
    }

    /** No more connections are taken; those that were live on. */
    public void close() {
        channel.close().awaitUninterruptibly();
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
            if (entrance == null || !entrance.enter()) {
                channel.close();
                return;
            }
            channel.closeFuture().addListener(_ -> entrance.leave());
            Doorway.enter(
                    channel, peer(channel), entrance, building.household(channel.eventLoop()));
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
