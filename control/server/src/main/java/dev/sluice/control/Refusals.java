package dev.sluice.control;

import dev.sluice.proto.admin.v1.Refusal;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.ProtoUtils;

import java.util.ArrayList;
import java.util.List;

/** How a refusal travels: a status of gRPC with the typed refusal in a trailer. */
final class Refusals {
    private static final Metadata.Key<Refusal> KEY =
            Metadata.Key.of(
                    "sluice-refusal-bin",
                    ProtoUtils.metadataMarshaller(Refusal.getDefaultInstance()));

    /** Of all problems together: the client takes a trailer of 1 MiB, in base64. */
    private static final int MOST_CHARS = 128 << 10;

    private Refusals() {}

    static StatusException status(Answer.Refused<?> refused) {
        Metadata trailers = new Metadata();
        trailers.put(
                KEY,
                Refusal.newBuilder()
                        .setReason(refused.reason())
                        .setWayOut(refused.wayOut())
                        .addAllProblems(bounded(refused.problems()))
                        .build());
        Status status = refused.unknownName() ? Status.NOT_FOUND : Status.FAILED_PRECONDITION;
        return status.withDescription(refused.reason()).asException(trailers);
    }

    private static List<String> bounded(List<String> problems) {
        List<String> told = new ArrayList<>();
        int room = MOST_CHARS;
        for (String problem : problems) {
            room -= problem.length();
            if (room < 0) {
                told.add("and " + (problems.size() - told.size()) + " more problems");
                break;
            }
            told.add(problem);
        }
        return told;
    }
}
