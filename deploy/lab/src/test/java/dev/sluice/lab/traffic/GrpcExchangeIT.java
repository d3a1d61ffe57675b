package dev.sluice.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.History;
import dev.sluice.lab.upstream.GrpcTalk;
import dev.sluice.lab.upstream.GrpcTalkServer;
import dev.sluice.lab.upstream.TalkRecord;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a pinned gRPC stream notices. */
class GrpcExchangeIT {
    private static final Duration PACE = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long NUMBER = 3;

    @Test
    void endsWellWhenEveryRecordCameBack() throws Exception {
        try (GrpcTalkServer server = GrpcTalkServer.start("upstream-1", loopback())) {
            Pinned pin = start(server.address());
            await().until(() -> pin.units() >= 10);
            pin.stop();
            Event.Pin end = pin.end().get(60, TimeUnit.SECONDS);
            assertThat(end.broken()).isEmpty();
            assertThat(end.upstream()).isEqualTo("upstream-1");
            assertThat(end.client()).startsWith("127.0.0.1:").doesNotEndWith(":0");
        }
    }

    @Test
    void theServerObjectsToAWrongRecord() throws Exception {
        try (GrpcTalkServer server = GrpcTalkServer.start("upstream-1", loopback());
                GrpcConnection connection = connect(server.address())) {
            connection.begin(NUMBER);
            connection.send(TalkRecord.of(NUMBER, 0));
            assertThat(connection.receive()).contains(TalkRecord.of(NUMBER, 0));
            connection.send(TalkRecord.of(NUMBER, 2));
            assertThat(connection.receive()).isNotEqualTo(Optional.of(TalkRecord.of(NUMBER, 2)));
        }
    }

    @Test
    void noticesAGap() throws Exception {
        assertThat(breakOf(place -> place == 2 ? List.of() : List.of(place)))
                .isEqualTo(FailureKind.READ_TIMEOUT);
        assertThat(breakOf(place -> List.of(place < 2 ? place : place + 1)))
                .isEqualTo(FailureKind.WRONG_BODY);
    }

    @Test
    void noticesARepetition() throws Exception {
        assertThat(breakOf(place -> place == 2 ? List.of(2L, 2L) : List.of(place)))
                .isEqualTo(FailureKind.WRONG_BODY);
    }

    @Test
    void noticesAnEndThatItDidNotAskFor() throws Exception {
        assertThat(breakOf(place -> place < 2 ? List.of(place) : List.of(END)))
                .isEqualTo(FailureKind.CLOSED_EARLY);
    }

    @Test
    void noticesAStatusAndAConnectionThatIsCut() throws Exception {
        assertThat(breakOf(place -> place < 2 ? List.of(place) : List.of(FAILURE)))
                .isEqualTo(FailureKind.STATUS);
        Pinned pin;
        try (GrpcTalkServer server = GrpcTalkServer.start("upstream-1", loopback())) {
            pin = start(server.address());
            await().until(() -> pin.units() >= 2);
        }
        assertThat(pin.end().get(60, TimeUnit.SECONDS).broken()).isPresent();
    }

    @Test
    void noticesThatNobodyListens() throws Exception {
        InetSocketAddress nowhere;
        try (SocketChannel taken = SocketChannel.open().bind(loopback())) {
            nowhere = (InetSocketAddress) taken.getLocalAddress();
        }
        assertThat(brokenOf(start(nowhere))).isEqualTo(FailureKind.REFUSED);
    }

    /** Instead of a record: the stream's end, and a failure. */
    private static final long END = -1;

    private static final long FAILURE = -2;

    /** What a server sends for a record: places, or how it ends. */
    private interface Answer {
        List<Long> to(long place);
    }

    private static FailureKind breakOf(Answer answer) throws Exception {
        Server server =
                NettyServerBuilder.forAddress(loopback())
                        .addService(
                                ServerServiceDefinition.builder(GrpcTalk.SERVICE)
                                        .addMethod(
                                                GrpcTalk.METHOD,
                                                (call, _) -> answering(call, answer))
                                        .build())
                        .build()
                        .start();
        try {
            return brokenOf(start((InetSocketAddress) server.getListenSockets().getFirst()));
        } finally {
            server.shutdownNow();
        }
    }

    private static ServerCall.Listener<byte[]> answering(
            ServerCall<byte[], byte[]> call, Answer answer) {
        call.sendHeaders(new Metadata());
        call.request(1000);
        return new ServerCall.Listener<>() {
            private long place;

            @Override
            public void onMessage(byte[] record) {
                for (long each : answer.to(place++)) {
                    if (each == END) {
                        call.close(Status.OK, new Metadata());
                    } else if (each == FAILURE) {
                        call.close(Status.UNAVAILABLE, new Metadata());
                    } else {
                        call.sendMessage(TalkRecord.of(NUMBER, each));
                    }
                }
            }
        };
    }

    private static FailureKind brokenOf(Pinned pin) throws Exception {
        return pin.end().get(60, TimeUnit.SECONDS).broken().orElseThrow().kind();
    }

    private static Pinned start(InetSocketAddress address) {
        return Pinned.start(
                new History(), new GrpcExchange(() -> connect(address)), NUMBER, false, PACE);
    }

    private static GrpcConnection connect(InetSocketAddress address) {
        return new GrpcConnection(
                SocketChannel::open,
                new GrpcConnection.Target(loopback(), address, "test", PATIENCE, Optional.empty()));
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
