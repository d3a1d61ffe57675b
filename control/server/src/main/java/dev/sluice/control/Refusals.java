package dev.sluice.control;

import dev.sluice.proto.admin.v1.Refusal;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.ProtoUtils;

/** How a refusal travels: a status of gRPC with the typed refusal in a trailer. */
final class Refusals {
    private static final Metadata.Key<Refusal> KEY =
            Metadata.Key.of(
                    "sluice-refusal-bin",
                    ProtoUtils.metadataMarshaller(Refusal.getDefaultInstance()));

    private Refusals() {}

    static StatusException status(Answer.Refused<?> refused) {
        Metadata trailers = new Metadata();
        trailers.put(
                KEY,
                Refusal.newBuilder()
                        .setReason(refused.reason())
                        .setWayOut(refused.wayOut())
                        .addAllProblems(refused.problems())
                        .build());
        Status status = refused.unknownName() ? Status.NOT_FOUND : Status.FAILED_PRECONDITION;
        return status.withDescription(refused.reason()).asException(trailers);
    }
}
