package dev.sluice.proxy.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that keep their connections and have one request each on its way. */
final class Clients implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    private static final String LENGTH = "content-length: ";

    private final List<Channel> channels = new ArrayList<>();
    private final AtomicInteger left = new AtomicInteger();
    private final ByteBuf request;
    private final BenchCase what;
    private final int bodyBytes;
    private volatile CompletableFuture<Void> done = new CompletableFuture<>();

    /** While requests go by the clock. */
    private volatile @Nullable Paced paced;

    private Clients(BenchCase what) {
        this.what = what;
        request =
                Unpooled.unreleasableBuffer(
                        Unpooled.copiedBuffer(
                                "GET "
                                        + what.target()
                                        + " HTTP/1.1\r\nHost: bench.example\r\n"
                                        + "User-Agent: sluice-bench\r\nAccept: */*\r\n\r\n",
                                StandardCharsets.ISO_8859_1));
        bodyBytes = what.bodyBytes();
    }

    /**
     * Connects, and shakes hands.
     *
     * @param tls null for plaintext
     */
    static Clients connect(
            EventLoopGroup loops, int port, int count, BenchCase what, @Nullable SslContext tls)
            throws IOException {
        Clients clients = new Clients(what);
        try {
            for (int i = 0; i < count; i++) {
                clients.channels.add(clients.connect(loops, port, tls));
            }
            return clients;
        } catch (Exception e) {
            clients.close();
            throw new IOException("cannot connect to port " + port + ": " + e.getMessage(), e);
        }
    }

    private Channel connect(EventLoopGroup loops, int port, @Nullable SslContext tls) {
        return new Bootstrap()
                .group(loops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                if (tls != null) {
                                    channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                                }
                                channel.pipeline().addLast(client(channel));
                            }
                        })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    private ChannelHandler client(Channel channel) {
        return what.isHttp2() ? new Http2Client(what, new Http2Requests(channel)) : new Client();
    }

    /** Waits for so many responses, each checked for its status and length. */
    void run(int requests) throws IOException, InterruptedException {
        done = new CompletableFuture<>();
        left.set(requests);
        channels.forEach(this::ask);
        await();
    }

    private void ask(Channel channel) {
        if (what.isHttp2()) {
            channel.eventLoop()
                    .execute(() ->
                            channel.pipeline().fireUserEventTriggered(Http2Client.Signal.BEGIN));
        } else {
            channel.writeAndFlush(request.duplicate());
        }
    }

    /** As many requests a second, each on a connection that is free; see {@link Paced#run}. */
    long[] pace(int requests, int rate) throws IOException, InterruptedException {
        done = new CompletableFuture<>();
        Paced run = new Paced(channels, requests, rate);
        paced = run;
        long[] nanos = run.run(this::ask, done);
        paced = null;
        if (done.isDone()) {
            await();
        }
        return nanos;
    }

    private void await() throws IOException, InterruptedException {
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(left.get() + " responses did not come", e);
        }
    }

    @Override
    public void close() {
        channels.forEach(Channel::close);
    }

    /** After each response: true if its connection is to ask again. */
    private boolean isMoreWanted(Channel channel) {
        Paced clock = paced;
        if (clock != null) {
            clock.onAnswer(channel);
            return false;
        }
        int remaining = left.decrementAndGet();
        if (remaining == 0) {
            done.complete(null);
        }
        return remaining >= channels.size();
    }

    private final class Http2Requests implements Http2Client.Requests {
        private final Channel channel;

        Http2Requests(Channel channel) {
            this.channel = channel;
        }

        @Override
        public boolean onAnswer() {
            return isMoreWanted(channel);
        }

        @Override
        public void onFailure(Throwable cause) {
            done.completeExceptionally(cause);
        }
    }

    private final class Client extends ChannelInboundHandlerAdapter {
        private final StringBuilder head = new StringBuilder();
        private int bodyLeft;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            if (bodyLeft == 0) {
                readHead(ctx, in);
            }
            int count = Math.min(bodyLeft, in.readableBytes());
            bodyLeft -= count;
            boolean complete = bodyLeft == 0 && head.isEmpty();
            in.release();
            if (complete) {
                next(ctx);
            }
        }

        private void readHead(ChannelHandlerContext ctx, ByteBuf in) {
            int before = head.length();
            head.append(in.toString(StandardCharsets.ISO_8859_1));
            int end = head.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            in.skipBytes(end + 4 - before);
            head.setLength(end + 2);
            String text = head.toString().toLowerCase(Locale.ROOT);
            if (!text.startsWith("http/1.1 200 ") || !text.contains(LENGTH + bodyBytes + "\r\n")) {
                done.completeExceptionally(new IOException("unexpected response: " + text));
                ctx.close();
                return;
            }
            head.setLength(0);
            bodyLeft = bodyBytes;
        }

        private void next(ChannelHandlerContext ctx) {
            if (isMoreWanted(ctx.channel())) {
                ctx.writeAndFlush(request.duplicate(), ctx.voidPromise());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            done.completeExceptionally(new IOException("the proxy closed a connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
            ctx.close();
        }
    }
}
