package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.balance.EndpointStatus;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What of gRPC can be seen on the wire. */
final class GrpcIT {
    private static final String[] CALL = {"content-type", "application/grpc", "te", "trailers"};
    private static final String TO_H2 = "    version: h2";

    private static void call(H2Wire h2, int stream, String path, String... more) {
        String[] fields = new String[CALL.length + more.length];
        System.arraycopy(CALL, 0, fields, 0, CALL.length);
        System.arraycopy(more, 0, fields, CALL.length, more.length);
        h2.request(stream, "POST", path, true, fields);
    }

    @Test
    void anAnswerOfTrailersAloneStaysOne() {
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                            h2.head(
                                    head.stream(),
                                    true,
                                    ":status",
                                    "200",
                                    "content-type",
                                    "application/grpc",
                                    "grpc-status",
                                    "5");
                            h2.await(H2Wire.PING);
                        });
                Bench bench = Bench.with(Http2IT.H2, TO_H2, server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            call(h2, 1, "/a.B/c");
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.frames()).hasSize(1);
            assertThat(reply.field("grpc-status")).isEqualTo("5");
        }
    }

    @Test
    void failuresOfTheProxyAreStatusesOfGrpc() {
        try (Bench bench = Http2IT.bench();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            call(h2, 1, "/a.B/c");
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.frames()).hasSize(1);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.field("content-type")).isEqualTo("application/grpc");
            assertThat(reply.field("grpc-status")).isEqualTo("14");
            assertThat(reply.field("grpc-message")).startsWith("no-endpoint: ");
            h2.request(3, "POST", "/", true, "content-type", "application/grpc-web");
            assertThat(h2.reply(3).status()).isEqualTo(503);
        }
    }

    @Test
    void aCallWithoutRouteIsUnimplemented() {
        try (Bench bench = new Bench()) {
            bench.apply(bench.listener(Http2IT.H2));
            try (H2Wire h2 = H2Wire.connect(bench.port)) {
                call(h2, 1, "/a.B/c");
                assertThat(h2.reply(1).field("grpc-status")).isEqualTo("12");
            }
        }
    }

    @Test
    void aDeadlineEndsTheCallOnBothSides() {
        List<H2Wire.Frame> cancelled = new CopyOnWriteArrayList<>();
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            cancelled.add(h2.await(H2Wire.RST_STREAM));
                        });
                Bench bench = Bench.with(Http2IT.H2, TO_H2, server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            call(h2, 1, "/a.B/c", "grpc-timeout", "200m");
            assertThat(h2.reply(1).field("grpc-status")).isEqualTo("4");
            await().until(() -> cancelled.size() == 1);
            assertThat(cancelled.getFirst().word(0)).isEqualTo(H2Wire.CANCEL);
        }
    }

    /** In the head of an answer that is nothing else, and in trailers. */
    @Test
    void aServerThatFailsItsCallsIsEjectedForIt() {
        for (boolean headAlone : List.of(true, false)) {
            try (Server bad = Server.of((wire, _) -> answerCalls(wire, headAlone, "13"));
                    Server unsure = Server.of((wire, _) -> answerCalls(wire, headAlone, "5"));
                    Bench bench =
                            Bench.with(
                                    Http2IT.H2, TO_H2 + "\n    balance: round-robin", bad, unsure);
                    H2Wire h2 = H2Wire.connect(bench.port)) {
                for (int stream = 1; stream < 41; stream += 2) {
                    call(h2, stream, "/a.B/c");
                    h2.reply(stream);
                }
                List<EndpointStatus> endpoints = bench.engine.upstreams().getFirst().endpoints();
                assertThat(endpoints.getFirst().use()).isEqualTo(EndpointStatus.Use.EJECTED);
                assertThat(endpoints.getFirst().why().getFirst()).contains("grpc-status 13");
                assertThat(endpoints.getLast().why()).isEmpty();
            }
        }
    }

    private static void answerCalls(Wire wire, boolean headAlone, String status) {
        H2Wire h2 = H2Wire.serve(wire);
        while (true) {
            int stream = h2.await(H2Wire.HEADERS).stream();
            if (headAlone) {
                h2.head(stream, true, ":status", "200", "grpc-status", status);
            } else {
                h2.head(stream, false, ":status", "200");
                h2.head(stream, true, "grpc-status", status);
            }
        }
    }

    @Test
    void aCallThatBreaksOffEndsWithAStatus() {
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                            h2.head(head.stream(), false, ":status", "200");
                            h2.data(head.stream(), false, "part");
                        });
                Bench bench = Bench.with(Http2IT.H2, TO_H2, server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            call(h2, 1, "/a.B/c");
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.text()).isEqualTo("part");
            assertThat(reply.trailers()).contains("grpc-status: 14");
        }
    }
}
