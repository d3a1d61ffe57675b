package dev.sluice.proxy.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The server behind the proxies: {@code GET /N} is answered with N bytes, as fast as it goes. */
final class Origin {
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final String RECORD =
            "{\"id\":%d,\"kind\":\"order\",\"state\":\"sent\",\"sum\":%d},\n";

    private final Channel channel;
    private final LongAdder answered = new LongAdder();
    private final Map<String, ByteBuf> responses = new ConcurrentHashMap<>();

    Origin(EventLoopGroup loops) {
        channel =
                new ServerBootstrap()
                        .group(loops)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel connection) {
                                        connection.pipeline().addLast(new Answer());
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    long answered() {
        return answered.sum();
    }

    private ByteBuf response(String length) {
        return responses.computeIfAbsent(length, Origin::make).duplicate();
    }

    private static ByteBuf make(String length) {
        int bytes = Integer.parseInt(length);
        byte[] head =
                ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                                + length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf all = Unpooled.directBuffer(head.length + bytes);
        all.writeBytes(head).writeBytes(body(bytes));
        return Unpooled.unreleasableBuffer(all.asReadOnly());
    }

    /** Text, much like what APIs say: records with the same names and other values. */
    static byte[] body(int bytes) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder(bytes + RECORD.length() + 32);
        while (text.length() < bytes) {
            text.append(RECORD.formatted(random.nextInt(1 << 20), random.nextInt(1 << 30)));
        }
        return text.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }

    private final class Answer extends ChannelInboundHandlerAdapter {
        private final StringBuilder head = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf in = (ByteBuf) message;
            head.append(in.toString(StandardCharsets.ISO_8859_1));
            in.release();
            for (int end = head.indexOf("\r\n\r\n"); end >= 0; end = head.indexOf("\r\n\r\n")) {
                String length = head.substring(head.indexOf("/") + 1, head.indexOf(" HTTP/"));
                head.delete(0, end + 4);
                answered.increment();
                ctx.write(response(length), ctx.voidPromise());
            }
            if (head.length() > MAX_HEAD_BYTES) {
                ctx.close();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
