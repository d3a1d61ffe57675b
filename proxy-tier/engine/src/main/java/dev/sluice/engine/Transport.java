package dev.sluice.engine;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** How the engine talks to the kernel. */
public enum Transport {
    EPOLL,
    IO_URING;

    /** The system property that says which one it is to be, by its name. */
    public static final String PROPERTY = "sluice.transport";

    /**
     * A poll that stays armed tells of an event once. Netty 4.2.18 reads once for it and so misses
     * a reset that came with data: each read needs a poll of its own, which tells again.
     */
    private static final String MULTISHOT = "io.netty.iouring.pollAddMultishotEnabled";

    static {
        // Ahead of the first look at IoUring.
        if (System.getProperty(MULTISHOT) == null) {
            System.setProperty(MULTISHOT, "false");
        }
    }

    /** What {@link #PROPERTY} says; else io_uring if this kernel has it: it costs less CPU. */
    public static Transport best() {
        String wanted = System.getProperty(PROPERTY, "");
        return switch (wanted) {
            case "" -> IO_URING.isAvailable() ? IO_URING : EPOLL;
            case "EPOLL" -> EPOLL;
            case "IO_URING" -> IO_URING;
            default ->
                    throw new IllegalStateException(
                            PROPERTY + " is " + wanted + ": allowed are EPOLL and IO_URING");
        };
    }

    /** Whether this host can do it. */
    public boolean isAvailable() {
        return switch (this) {
            case EPOLL -> Epoll.isAvailable();
            case IO_URING -> IoUring.isAvailable();
        };
    }

    /** Throws {@link IllegalStateException} that says why if this host cannot do it. */
    void check() {
        Throwable cause =
                switch (this) {
                    case EPOLL -> Epoll.unavailabilityCause();
                    case IO_URING -> IoUring.unavailabilityCause();
                };
        if (cause != null) {
            throw new IllegalStateException(
                    "the transport "
                            + name()
                            + " does not work on this host: "
                            + cause.getMessage()
                            + (this == EPOLL ? "; the proxy needs Linux on x86_64" : "; use EPOLL"),
                    cause);
        }
    }

    IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
        };
    }

    /** For {@code ServerBootstrap}. */
    public Class<? extends ServerChannel> serverType() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case IO_URING -> IoUringServerSocketChannel.class;
        };
    }

    /** For UDP. */
    Class<? extends DatagramChannel> datagramType() {
        return switch (this) {
            case EPOLL -> EpollDatagramChannel.class;
            case IO_URING -> IoUringDatagramChannel.class;
        };
    }

    /** For {@code Bootstrap}. */
    public Class<? extends Channel> clientType() {
        return switch (this) {
            case EPOLL -> EpollSocketChannel.class;
            case IO_URING -> IoUringSocketChannel.class;
        };
    }
}
