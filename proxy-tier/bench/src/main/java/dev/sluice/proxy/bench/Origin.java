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
import java.util.concurrent.ConcurrentHashMap;

/** The server behind the proxies: {@code GET /N} is answered with N bytes, as fast as it goes. */
final class Origin {
    private static final int MAX_HEAD_BYTES = 8 << 10;

    private final Channel channel;
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
        all.writeBytes(head).writeBytes(new byte[bytes]);
        return Unpooled.unreleasableBuffer(all.asReadOnly());
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
