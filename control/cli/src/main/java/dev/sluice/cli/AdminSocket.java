package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AdminGrpc;
import dev.sluice.proto.admin.v1.AdminGrpc.AdminBlockingStub;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.StatusRequest;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** One control process's socket. Connects at the first call. */
final class AdminSocket implements AutoCloseable {
    private static final long CLOSE_MS = 500;

    /** A refusal, which may have hundreds of problems, comes as a trailer. */
    private static final int MAX_TRAILER_BYTES = 1 << 20;

    /** More than the longest configuration. */
    private static final int MAX_REPLY_BYTES = 32 << 20;

    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final Path path;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    AdminSocket(Path path) {
        this.path = path;
        this.loop =
                new MultiThreadIoEventLoopGroup(
                        1,
                        Thread.ofPlatform().daemon().name("sluice-cli").factory(),
                        EpollIoHandler.newFactory());
        this.channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(path.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .overrideAuthority("localhost")
                        .maxInboundMetadataSize(MAX_TRAILER_BYTES)
                        .maxInboundMessageSize(MAX_REPLY_BYTES)
                        .usePlaintext()
                        .directExecutor()
                        .build();
    }

    Path path() {
        return path;
    }

    /** For calls without a time limit. */
    AdminBlockingStub stub() {
        return AdminGrpc.newBlockingStub(channel);
    }

    /** The status now and whenever it changes; it is repeated every second if it does not. */
    Iterator<ClusterStatus> watch() {
        return new LiveReplies<>(
                AdminGrpc.newBlockingV2Stub(channel)
                        .watchStatus(StatusRequest.getDefaultInstance()),
                SILENCE);
    }

    AdminBlockingStub stub(Duration limit) {
        return stub().withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The loop's thread is a daemon: nobody waits for it. */
    @Override
    public void close() {
        channel.shutdownNow();
        try {
            // A loop that ends before its channel complains.
            if (channel.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                var _ = loop.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
