package dev.sluice.lab.traffic;

import dev.sluice.lab.upstream.GrpcTalk;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.ConnectTimeoutException;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLContext;

/**
 * One gRPC stream of records on a connection of its own, by gRPC's own client. Used by one thread.
 */
public final class GrpcConnection implements AutoCloseable {
    private static final ApplicationProtocolConfig HTTP2 =
            new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    "h2");

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Thread.ofPlatform().daemon().name("grpc").factory(),
                    NioIoHandler.newFactory());
    private final Duration patience;
    private final ManagedChannel channel;
    private final AtomicReference<Metadata> headers = new AtomicReference<>();

    /** The last one that was opened; written by gRPC's threads. */
    private volatile Optional<NioSocketChannel> socket = Optional.empty();

    private Optional<BlockingClientCall<byte[], byte[]>> call = Optional.empty();

    /**
     * Where it goes.
     *
     * @param source of the client's addresses; its port is free
     * @param patience for a connection, and for every record
     * @param tls empty for plaintext
     */
    record Target(
            InetSocketAddress source,
            InetSocketAddress destination,
            String host,
            Duration patience,
            Optional<SSLContext> tls) {}

    GrpcConnection(ClientHost.Origin origin, Target target) {
        this.patience = target.patience();
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(target.destination())
                        .overrideAuthority(target.host())
                        .channelFactory(() -> open(origin))
                        .eventLoopGroup(loop)
                        .localSocketPicker(new From(target.source()))
                        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) patience.toMillis())
                        .disableRetry()
                        .directExecutor();
        target.tls()
                .ifPresentOrElse(
                        tls -> builder.sslContext(http2(tls)), () -> builder.usePlaintext());
        this.channel = builder.build();
    }

    /** Picks the one address that it was given. */
    private static final class From extends NettyChannelBuilder.LocalSocketPicker {
        private final InetSocketAddress source;

        From(InetSocketAddress source) {
            this.source = source;
        }

        @Override
        public InetSocketAddress createSocketAddress(SocketAddress remote, Attributes attributes) {
            return source;
        }
    }

    private static SslContext http2(SSLContext tls) {
        return new JdkSslContext(
                tls,
                true,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                HTTP2,
                ClientAuth.NONE,
                null,
                false);
    }

    private NioSocketChannel open(ClientHost.Origin origin) {
        try {
            NioSocketChannel opened = new NioSocketChannel(origin.openTcp());
            socket = Optional.of(opened);
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException("no socket for a client", e);
        }
    }

    /** Begins talk {@code number}, whose first record is sent by {@link #send}. */
    void begin(long number) {
        Metadata asked = new Metadata();
        asked.put(GrpcTalk.NUMBER, Long.toString(number));
        ClientInterceptor[] interceptors = {
            MetadataUtils.newAttachHeadersInterceptor(asked),
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()),
        };
        call =
                Optional.of(
                        ClientCalls.blockingBidiStreamingCall(
                                ClientInterceptors.intercept(channel, interceptors),
                                GrpcTalk.METHOD,
                                CallOptions.DEFAULT));
    }

    void send(byte[] record) throws IOException {
        perform(() -> call.orElseThrow().write(record, patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    /**
     * The next record.
     *
     * @return empty if the server ended the stream well
     */
    Optional<byte[]> receive() throws IOException {
        return Optional.ofNullable(
                perform(() -> call.orElseThrow().read(patience.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** No record follows. */
    void endSending() {
        call.orElseThrow().halfClose();
    }

    /** What the answer's head says; empty before it has come. */
    String header(Metadata.Key<String> key) {
        Metadata answered = headers.get();
        return answered == null ? "" : Objects.requireNonNullElse(answered.get(key), "");
    }

    /** What the directors see as the source of this flow; empty before it was connected. */
    Optional<InetSocketAddress> source() {
        return socket.filter(NioSocketChannel::isActive).map(NioSocketChannel::localAddress);
    }

    /** A step of a call. */
    private interface Step<T extends @Nullable Object> {
        T run() throws InterruptedException, TimeoutException, io.grpc.StatusException;
    }

    private static <T extends @Nullable Object> T perform(Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("no record in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (io.grpc.StatusException e) {
            throw failure(e);
        }
    }

    /** What the socket said, if it did; what the proxy said, if not. */
    private static IOException failure(io.grpc.StatusException e) {
        return switch (e.getStatus().getCause()) {
            case ConnectTimeoutException late -> new SocketTimeoutException(late.getMessage());
            case IOException cause -> cause;
            case null, default -> new StatusException(e.getStatus().toString());
        };
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var ignored = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
