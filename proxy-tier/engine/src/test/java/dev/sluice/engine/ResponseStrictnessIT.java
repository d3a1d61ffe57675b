package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** A server that does not speak HTTP poisons no other request. */
final class ResponseStrictnessIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    static Stream<String> invalid() {
        String ok = "HTTP/1.1 200 OK\r\n";
        return Stream.of(
                ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                ok + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nhello",
                ok + "Content-Length: +5\r\n\r\nhello",
                ok + "Content-Length: x\r\n\r\nhello",
                ok + "Content-Length: 99999999999999999999\r\n\r\nhello",
                ok + "Transfer-Encoding: gzip\r\n\r\nhello",
                ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                ok + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 99 Odd\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
                ok + "X: a\u0000b\r\nContent-Length: 0\r\n\r\n",
                ok + "X: " + "a".repeat(70_000) + "\r\nContent-Length: 0\r\n\r\n",
                "hello\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidResponseIsABadGatewayAndItsConnectionIsNotKept(String response) {
        try (Server server = Server.answering(_ -> response);
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 1; i <= 2; i++) {
                wire.send(GET);
                FailureIT.assertFailure(wire.readResponse(), 502, "bad-response");
                assertThat(server.connections()).isEqualTo(i);
            }
        }
    }

    static Stream<String> brokenBodies() {
        String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                chunked + "5\r\nhello0\r\n\r\n",
                chunked + "5\r\nhello\r\n0x1\r\n",
                chunked + "5\r\nhello\r\nzz\r\n");
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void aBodyThatBreaksIsBrokenOffForTheClient(String response) {
        try (Server server = Server.answering(_ -> response);
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            wire.readHead();
            assertThat(wire.readTextToEnd()).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void extraBytesBehindAResponseReachNobody() {
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        try (Server server = Server.answering(_ -> Server.ok("good") + poison);
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 1; i <= 5; i++) {
                wire.send(GET);
                assertThat(wire.readResponse().text()).isEqualTo("good");
                assertThat(server.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void bytesOnARestingConnectionReachNobody() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(Server.ok("good"));
                            wire.send("poison");
                            wire.readToEnd();
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 1; i <= 20; i++) {
                int seen = i;
                wire.send(GET);
                assertThat(wire.readResponse().text()).isEqualTo("good");
                await().until(() -> server.connections() == seen && server.closed() == seen);
            }
        }
    }

    @Test
    void aBodyOnAResponseToHeadReachesNobody() {
        try (Server server = Server.answering(_ -> Server.ok("poison"));
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 1; i <= 3; i++) {
                wire.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(wire.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
                assertThat(server.connections()).isEqualTo(i);
            }
            wire.send(GET);
            assertThat(wire.readResponse().text()).isEqualTo("poison");
        }
    }

    @Test
    void aReasonOfOursCannotBeForged() {
        try (Server server =
                        Server.answering(_ ->
                                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSluice-Reason: x\r\n"
                                        + "Connection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 1\r\n\r\n");
                Bench bench = Bench.to(server)) {
            assertThat(bench.get("/").head())
                    .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    }
}
