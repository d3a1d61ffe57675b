package dev.sluice.engine.codec;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

import java.util.concurrent.TimeUnit;

/** Ways to end a connection. */
public final class Lingering {
    /** How long unread bytes are thrown away after the last response. */
    public static final long NANOS = TimeUnit.SECONDS.toNanos(2);

    private Lingering() {}

    /** Ends our direction once everything is written. */
    public static void shutdownOutput(Channel channel) {
        shutdownOutput(channel, () -> {});
    }

    /**
     * Ends our direction once everything is written.
     *
     * @param done called then, if the connection is still there
     */
    public static void shutdownOutput(Channel channel, Runnable done) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            channel.flush();
            tls.closeOutbound().addListener(_ -> shutdownSocket(channel, done));
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(_ -> shutdownSocket(channel, done));
        }
    }

    private static void shutdownSocket(Channel channel, Runnable done) {
        if (channel instanceof DuplexChannel socket && socket.isActive()) {
            done.run();
            socket.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        } else {
            channel.close();
        }
    }

    /** Whether our end is answered, so that closing at once would reset that. */
    static boolean isAnswered(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null;
    }

    /** So that the other side cannot take what it has for the whole. */
    public static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }
}
