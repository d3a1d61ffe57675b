package dev.sluice.cli;

import dev.sluice.proto.admin.v1.AdminGrpc.AdminBlockingStub;
import dev.sluice.proto.admin.v1.ClusterStatus;
import dev.sluice.proto.admin.v1.Event;
import dev.sluice.proto.admin.v1.FollowEventsRequest;
import dev.sluice.proto.admin.v1.Refusal;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Function;

/**
 * A connection to a control process, and to another one when that is gone. Blocks; failures are
 * {@link Failure}s in plain words. Used by one thread.
 */
public final class AdminClient implements AutoCloseable {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

    /** For what proxies have to try before there is an answer. */
    private static final Duration LONG_CALL_TIMEOUT = Duration.ofMinutes(3);

    private static final Metadata.Key<Refusal> REFUSAL =
            Metadata.Key.of(
                    "sluice-refusal-bin",
                    ProtoUtils.metadataMarshaller(Refusal.getDefaultInstance()));

    private final AdminSockets sockets;
    private @Nullable AdminSocket current;

    private AdminClient(AdminSockets sockets, AdminSocket current) {
        this.sockets = sockets;
        this.current = current;
    }

    /**
     * Chooses one that answers, if there are several.
     *
     * @param where an admin socket, or a folder of them
     */
    public static AdminClient to(Path where) throws Failure {
        AdminSockets sockets = new AdminSockets(where);
        return new AdminClient(sockets, sockets.choose());
    }

    /** One request, with a time limit. Not repeated: nobody knows whether it was carried out. */
    public <R> R call(Function<AdminBlockingStub, R> request) throws Failure {
        return call(CALL_TIMEOUT, request);
    }

    /** The same with more time. */
    <R> R callPatiently(Function<AdminBlockingStub, R> request) throws Failure {
        return call(LONG_CALL_TIMEOUT, request);
    }

    private <R> R call(Duration limit, Function<AdminBlockingStub, R> request) throws Failure {
        AdminSocket socket = socket();
        try {
            return request.apply(socket.stub(limit));
        } catch (StatusRuntimeException e) {
            Failure failure = failure(e, limit);
            leave(e);
            throw failure;
        }
    }

    /**
     * Ends when the control process goes, or falls silent for 5 s: {@code hasNext} then throws a
     * status exception.
     */
    Iterator<ClusterStatus> watch() throws Failure {
        return anySocket().watch();
    }

    /** Chosen anew where there may be several: the last one may be gone. */
    private AdminSocket anySocket() throws Failure {
        if (sockets.areInFolder()) {
            close();
        }
        return socket();
    }

    private AdminSocket socket() throws Failure {
        AdminSocket socket = current;
        if (socket == null) {
            socket = sockets.choose();
            current = socket;
        }
        return socket;
    }

    /** The next call may find another control process. */
    private void leave(StatusRuntimeException e) {
        switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED -> close();
            default -> {}
        }
    }

    /** Ends like {@link #watch}. */
    Iterator<Event> follow(long afterSequence) throws Failure {
        return anySocket()
                .stub()
                .followEvents(
                        FollowEventsRequest.newBuilder().setAfterSequence(afterSequence).build());
    }

    Failure failure(StatusRuntimeException e) {
        return failure(e, CALL_TIMEOUT);
    }

    private Failure failure(StatusRuntimeException e, Duration limit) {
        Path socket = current == null ? sockets.where() : current.path();
        @Nullable Metadata trailers = e.getTrailers();
        @Nullable Refusal refusal = trailers == null ? null : trailers.get(REFUSAL);
        if (refusal != null) {
            return new Failure(ExitCode.REFUSED, RefusalText.of(refusal));
        }
        String why = String.valueOf(e.getStatus().getDescription());
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE ->
                    Files.exists(socket) && !why.startsWith("io exception")
                            ? new Failure(
                                    ExitCode.FAILED,
                                    "the control process cannot do this now: " + why)
                            : new Failure(ExitCode.FAILED, AdminSockets.absent(socket));
            case DEADLINE_EXCEEDED ->
                    new Failure(
                            ExitCode.FAILED,
                            "the control process on "
                                    + socket
                                    + " did not answer within "
                                    + limit.toSeconds()
                                    + " s: what was asked for may come about all the same;"
                                    + " see `sluice status` and its log");
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

    @Override
    public void close() {
        AdminSocket socket = current;
        current = null;
        if (socket != null) {
            socket.close();
        }
    }
}
