package dev.sluice.engine;

import dev.sluice.cluster.config.HostPort;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers directors and operators who ask whether this proxy is well: a TCP connect succeeds, and
 * {@code GET /healthz} gets 200, or 503 with the reason. Runs on the engine's own event loops, so
 * that a blocked one shows. The supplier is called on them and must not block.
 */
public final class HealthListener implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 5;

    private final Channel channel;

    private HealthListener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Listens until closed; throws {@link IllegalStateException} with the way out if it cannot.
     *
     * @param illness why the proxy is not well; empty if it is
     */
    public static HealthListener start(
            Engine engine, HostPort address, Supplier<Optional<String>> illness) {
        ChannelFuture bind =
                new ServerBootstrap()
                        .group(engine.group())
                        .channel(engine.options().transport().serverType())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel connection) {
                                        connection
                                                .pipeline()
                                                .addLast(
                                                        new ReadTimeoutHandler(TIMEOUT_SECONDS),
                                                        new Answer(illness));
                                    }
                                })
                        .bind(address.inet())
                        .awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new IllegalStateException(
                    BindProblem.of("proxy", "health.port", address, bind.cause()).toString(),
                    bind.cause());
        }
        return new HealthListener(bind.channel());
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    /** Reads one head and answers; the rest is not looked at. */
    private static final class Answer extends SimpleChannelInboundHandler<ByteBuf> {
        private static final int MAX_HEAD_CHARS = 4096;

        private final Supplier<Optional<String>> illness;
        private final StringBuilder head = new StringBuilder();

        Answer(Supplier<Optional<String>> illness) {
            this.illness = illness;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            head.append(bytes.toString(StandardCharsets.ISO_8859_1));
            if (head.indexOf("\r\n\r\n") >= 0) {
                answer(ctx);
            } else if (head.length() > MAX_HEAD_CHARS) {
                ctx.close();
            }
        }

        private void answer(ChannelHandlerContext ctx) {
            boolean known =
                    head.indexOf("GET /healthz ") == 0 || head.indexOf("HEAD /healthz ") == 0;
            Optional<String> ill = illness.get();
            String status = known ? ill.isEmpty() ? "200 OK" : "503 Unwell" : "404 Not Found";
            String body = (known ? ill.orElse("ok") : "only /healthz is here") + "\n";
            byte[] text = body.getBytes(StandardCharsets.UTF_8);
            String response =
                    "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\n".formatted(status)
                            + "Content-Length: %d\r\nConnection: close\r\n\r\n"
                                    .formatted(text.length)
                            + (head.charAt(0) == 'H' ? "" : body);
            ctx.writeAndFlush(Unpooled.copiedBuffer(response, StandardCharsets.UTF_8))
                    .addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
