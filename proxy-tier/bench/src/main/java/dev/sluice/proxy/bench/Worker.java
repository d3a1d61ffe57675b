package dev.sluice.proxy.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A server that does a few requests at a time, as one with a few threads does, and has the others
 * wait: {@code GET /N} takes N milliseconds. It uses no CPU for them. Lives on the one event loop
 * of its group.
 */
final class Worker {
    /** Requests that it does at the same time. */
    static final int PLACES = 4;

    private static final ByteBuf DONE =
            Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer(
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                            StandardCharsets.US_ASCII));

    private final EventLoop loop;
    private final Channel channel;
    private final Queue<Job> waiting = new ArrayDeque<>();
    private int busy;
    private double slowness = 1;
    private double workedMillis;

    private record Job(ChannelHandlerContext client, int millis) {}

    Worker(EventLoopGroup oneLoop) {
        loop = oneLoop.next();
        channel =
                new ServerBootstrap()
                        .group(oneLoop)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel connection) {
                                        connection.pipeline().addLast(new Requests());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Begins to count anew. */
    void reset(double takesTimes) {
        loop.submit(
                        () -> {
                            slowness = takesTimes;
                            workedMillis = 0;
                        })
                .syncUninterruptibly();
    }

    /** How long its places were at work, all together. */
    double workedMillis() {
        return loop.submit(() -> workedMillis).syncUninterruptibly().getNow();
    }

    private void take(Job job) {
        if (busy == PLACES) {
            waiting.add(job);
        } else {
            begin(job);
        }
    }

    private void begin(Job job) {
        busy++;
        double millis = job.millis * slowness;
        workedMillis += millis;
        loop.schedule(() -> end(job), (long) (millis * 1e3), TimeUnit.MICROSECONDS);
    }

    private void end(Job job) {
        busy--;
        job.client.writeAndFlush(DONE.duplicate(), job.client.voidPromise());
        Job next = waiting.poll();
        if (next != null) {
            begin(next);
        }
    }

    private final class Requests extends ChannelInboundHandlerAdapter {
        private final StringBuilder head = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            head.append(in.toString(StandardCharsets.ISO_8859_1));
            in.release();
            for (int end = head.indexOf("\r\n\r\n"); end >= 0; end = head.indexOf("\r\n\r\n")) {
                String millis = head.substring(head.indexOf("/") + 1, head.indexOf(" HTTP/"));
                head.delete(0, end + 4);
                take(new Job(ctx, Integer.parseInt(millis)));
            }
        }

        /** A proxy went away. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
