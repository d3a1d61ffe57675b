package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AdminGrpc;
import dev.sluice.proto.admin.v1.AdminGrpc.AdminBlockingStub;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.FollowEventsRequest;
import dev.sluice.proto.admin.v1.Refusal;
import dev.sluice.proto.admin.v1.StatusRequest;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.protobuf.ProtoUtils;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A connection to a control process. Blocks; failures are {@link Failure}s in plain words. */
public final class AdminClient implements AutoCloseable {
    private static final long CALL_TIMEOUT_S = 20;
    private static final long CLOSE_MS = 500;
    private static final Metadata.Key<Refusal> REFUSAL =
            Metadata.Key.of(
                    "sluice-refusal-bin",
                    ProtoUtils.metadataMarshaller(Refusal.getDefaultInstance()));

    private final Path socket;
    private final EventLoopGroup loop;
    private final ManagedChannel channel;

    private AdminClient(Path socket, EventLoopGroup loop, ManagedChannel channel) {
        this.socket = socket;
        this.loop = loop;
        this.channel = channel;
    }

    /** Connects at the first call. */
    public static AdminClient to(Path socket) throws Failure {
        if (!Files.exists(socket)) {
            throw new Failure(ExitCode.FAILED, absent(socket));
        }
        if (!Files.isWritable(socket)) {
            throw new Failure(
                    ExitCode.FAILED,
                    "you may not use the socket "
                            + socket
                            + "; run this as the user of the control process, e.g. with sudo");
        }
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(
                        1,
                        Thread.ofPlatform().daemon().name("sluice-cli").factory(),
                        EpollIoHandler.newFactory());
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .directExecutor()
                        .build();
        return new AdminClient(socket, loop, channel);
    }

    /** One request, with a time limit. */
    public <R> R call(Function<AdminBlockingStub, R> request) throws Failure {
        try {
            return request.apply(
                    AdminGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(CALL_TIMEOUT_S, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    /** Ends when the control process goes: {@code next} then throws a status exception. */
    Iterator<ClusterStatus> watch() {
        return AdminGrpc.newBlockingStub(channel).watchStatus(StatusRequest.getDefaultInstance());
    }

    /** Ends like {@link #watch}. */
    Iterator<Event> follow(long afterSequence) {
        return AdminGrpc.newBlockingStub(channel)
                .followEvents(
                        FollowEventsRequest.newBuilder().setAfterSequence(afterSequence).build());
    }

    Failure failure(StatusRuntimeException e) {
        @Nullable Metadata trailers = e.getTrailers();
        @Nullable Refusal refusal = trailers == null ? null : trailers.get(REFUSAL);
        if (refusal != null) {
            return new Failure(ExitCode.REFUSED, text(refusal));
        }
        String why = String.valueOf(e.getStatus().getDescription());
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE ->
                    Files.exists(socket) && !why.startsWith("io exception")
                            ? new Failure(
                                    ExitCode.FAILED,
                                    "the control process cannot do this now: " + why)
                            : new Failure(ExitCode.FAILED, absent(socket));
            case DEADLINE_EXCEEDED ->
                    new Failure(
                            ExitCode.FAILED,
                            "the control process on "
                                    + socket
                                    + " did not answer within "
                                    + CALL_TIMEOUT_S
                                    + " s; see its log");
            case INVALID_ARGUMENT -> new Failure(ExitCode.USAGE, why);
            default ->
                    new Failure(
                            ExitCode.FAILED,
                            "the control process failed with "
                                    + e.getStatus().getCode()
                                    + ": "
                                    + why
                                    + "; see its log");
        };
    }

    private static String text(Refusal refusal) {
        StringBuilder text = new StringBuilder();
        refusal.getProblemsList().forEach(problem -> text.append(problem).append('\n'));
        text.append("refused: ").append(refusal.getReason());
        return refusal.getWayOut().isEmpty()
                ? text.toString()
                : text.append("; ").append(refusal.getWayOut()).toString();
    }

    private static String absent(Path socket) {
        return "no control process answers on "
                + socket
                + "; start one with 'sluice control run --config FILE', or name its socket with"
                + " --control or SLUICE_CONTROL";
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
