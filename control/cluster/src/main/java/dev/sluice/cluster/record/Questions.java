package dev.sluice.cluster.record;

import com.google.protobuf.ByteString;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.Bind.Protocol;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.proto.cluster.v1.CountersQuestion;
import dev.sluice.proto.cluster.v1.Flow;

import java.util.Arrays;

/** Questions and flows to and from their messages. */
public final class Questions {
    private static final int MAX_PORT = 0xffff;

    private Questions() {}

    static dev.sluice.proto.cluster.v1.Question write(Question question) {
        var builder =
                dev.sluice.proto.cluster.v1.Question.newBuilder().setAskedBy(question.askedBy());
        return switch (question) {
            case Question.Trace(String askedBy, FlowKey flow) ->
                    builder.setTrace(writeFlow(flow)).build();
            case Question.Counters(String askedBy) ->
                    builder.setCounters(CountersQuestion.getDefaultInstance()).build();
        };
    }

    static Question read(String name, dev.sluice.proto.cluster.v1.Question proto) {
        return switch (proto.getKindCase()) {
            case TRACE -> new Question.Trace(proto.getAskedBy(), readFlow(proto.getTrace()));
            case COUNTERS -> new Question.Counters(proto.getAskedBy());
            case KIND_NOT_SET ->
                    throw new Strict.Invalid(
                            new RecordProblem(
                                    "kind", "none that is known here", "trace, counters"));
        };
    }

    public static Flow writeFlow(FlowKey flow) {
        return Flow.newBuilder()
                .setClient(ByteString.copyFrom(flow.source().bytes()))
                .setClientPort(flow.sourcePort())
                .setVip(ByteString.copyFrom(flow.destination().bytes()))
                .setVipPort(flow.destinationPort())
                .setProtocol(flow.protocol().number())
                .build();
    }

    /**
     * @throws IllegalArgumentException if it is no flow; the message says why, for people
     */
    public static FlowKey readFlow(Flow flow) {
        try {
            Address client = Strict.address("client", flow.getClient());
            Address vip = Strict.address("vip", flow.getVip());
            Strict.check(
                    client.isIpv4() == vip.isIpv4(),
                    "vip",
                    vip,
                    "an address of the client's version of IP, as " + client);
            return new FlowKey(
                    protocol(flow.getProtocol()),
                    client,
                    Strict.between("client_port", flow.getClientPort(), 0, MAX_PORT),
                    vip,
                    Strict.between("vip_port", flow.getVipPort(), 0, MAX_PORT));
        } catch (Strict.Invalid e) {
            throw new IllegalArgumentException(e.problem().toString(), e);
        }
    }

    private static Protocol protocol(int number) {
        return Arrays.stream(Protocol.values())
                .filter(p -> p.number() == number)
                .findFirst()
                .orElseThrow(() ->
                        new Strict.Invalid(
                                new RecordProblem(
                                        "protocol", Integer.toString(number), "6 or 17")));
    }
}
