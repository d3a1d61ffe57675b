package dev.sluice.lab.upstream;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The lab's gRPC server, in plaintext: takes the records of a {@link GrpcTalk}, checks each and
 * sends it back, or an objection in its place.
 */
public final class GrpcTalkServer implements AutoCloseable {
    private final Server server;

    private GrpcTalkServer(Server server) {
        this.server = server;
    }

    public static GrpcTalkServer start(String name, InetSocketAddress listen) throws IOException {
        ServerServiceDefinition service =
                ServerServiceDefinition.builder(GrpcTalk.SERVICE)
                        .addMethod(GrpcTalk.METHOD, (call, asked) -> answer(name, call, asked))
                        .build();
        return new GrpcTalkServer(
                NettyServerBuilder.forAddress(listen).addService(service).build().start());
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenSockets().getFirst();
    }

    private static ServerCall.Listener<byte[]> answer(
            String name, ServerCall<byte[], byte[]> call, Metadata asked) {
        String number = asked.get(GrpcTalk.NUMBER);
        if (number == null) {
            call.close(
                    Status.INVALID_ARGUMENT.withDescription("a talk has a number"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        Metadata headers = new Metadata();
        headers.put(GrpcTalk.UPSTREAM, name);
        call.sendHeaders(headers);
        call.request(1);
        return new Talk(call, Long.parseLong(number));
    }

    /** Called by one thread at a time. */
    private static final class Talk extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final long number;
        private long place;

        Talk(ServerCall<byte[], byte[]> call, long number) {
            this.call = call;
            this.number = number;
        }

        @Override
        public void onMessage(byte[] record) {
            boolean right = TalkRecord.isRight(record, number, place++);
            call.sendMessage(right ? record : TalkRecord.OBJECTION);
            call.request(1);
        }

        @Override
        public void onHalfClose() {
            call.close(Status.OK, new Metadata());
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
