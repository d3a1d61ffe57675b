package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One test for each cause that a client is told in {@code Sluice-Reason}. */
final class FailureIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    @Test
    void noRoute() {
        try (Bench bench = new Bench()) {
            bench.apply(bench.listener(""));
            Wire.Message response = bench.get("/");
            assertFailure(response, 404, "no-route");
            assertThat(response.text())
                    .isEqualTo("404 no-route\nNo route is configured for this host and path.\n");
        }
    }

    @Test
    void noEndpoint() {
        try (Bench bench = Bench.to()) {
            assertFailure(bench.get("/"), 503, "no-endpoint");
        }
    }

    @Test
    void connectFailed() {
        try (Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + "upstreams: [{name: app, endpoints: [\"127.0.0.1:%d\"]}]\n"
                                    .formatted(Bench.freePort())
                            + "routes: [{upstream: app}]");
            Wire.Message response = bench.get("/");
            assertFailure(response, 502, "connect-failed");
            assertThat(response.text()).doesNotContain("127.0.0.1");
        }
    }

    @Test
    void aConnectThatTakesTooLongFails() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Bench bench = new Bench()) {
            List<Socket> waiting = fill(full);
            bench.apply(
                    bench.listener("")
                            + """
                            upstreams:
                              - name: app
                                connectTimeout: 100ms
                                endpoints: ["127.0.0.1:%d"]
                            routes: [{upstream: app}]
                            """
                                    .formatted(full.getLocalPort()));
            assertFailure(bench.get("/"), 502, "connect-failed");
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Fills the accept queue, so that the kernel answers no further SYN. */
    private static List<Socket> fill(ServerSocket server) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()));
        }
        return waiting;
    }

    @Test
    void aFailedConnectIsTriedOnAnotherEndpoint() {
        try (Server server = Server.saying("other");
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + "upstreams: [{name: app, balance: round-robin, endpoints: [\"127.0.0.1:%d\", \"%s\"]}]\n"
                                    .formatted(Bench.freePort(), server.address())
                            + "routes: [{upstream: app}]");
            try (Wire wire = bench.connect()) {
                for (int i = 0; i < 4; i++) {
                    wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
                    assertThat(wire.readResponse().text()).isEqualTo("other");
                }
            }
            assertThat(server.requests).hasSize(4).allMatch(r -> r.text().equals("hello"));
        }
    }

    /** Or a client that waits for an answer before it sends more would wait for ever. */
    @Test
    void whatIsTriedOnARestingConnectionIsSentAtOnce() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(Server.ok("rested"));
                            wire.readHead();
                            wire.send(Server.ok(wire.readText("5\r\nhello\r\n".length())));
                        });
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + "upstreams: [{name: app, balance: round-robin, endpoints: [\"127.0.0.1:%d\", \"%s\"]}]\n"
                                    .formatted(Bench.freePort(), server.address())
                            + "routes: [{upstream: app}]");
            try (Wire wire = bench.connect()) {
                wire.send(GET);
                assertThat(wire.readResponse().text()).isEqualTo("rested");
                wire.send(
                        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "5\r\nhello\r\n");
                assertThat(wire.readResponse().text()).contains("hello");
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aSecondAttemptThatIsAnsweredLeavesTheBudgetToOthers() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                            wire.readToEnd();
                        });
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + """
                            upstreams:
                              - name: app
                                balance: round-robin
                                retries: {percent: 0, least: 1}
                                endpoints: ["127.0.0.1:%d", "%s"]
                            routes: [{upstream: app}]
                            """
                                    .formatted(Bench.freePort(), server.address()));
            try (Wire first = bench.connect();
                    Wire second = bench.connect()) {
                for (Wire wire : List.of(first, second)) {
                    wire.send(GET);
                    assertThat(wire.readHead()).startsWith("HTTP/1.1 200 ");
                }
            }
        }
    }

    @Test
    void overloaded() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            release.await(60, TimeUnit.SECONDS);
                            wire.send(Server.ok("late"));
                            self.take(wire);
                        });
                Bench bench = Bench.with("", "    maxRequests: 1", server);
                Wire first = bench.connect()) {
            first.send(GET);
            await().until(() -> server.requests.size() == 1);
            Wire.Message refused = bench.get("/");
            assertFailure(refused, 503, "overloaded");
            assertThat(refused.field("retry-after")).contains("1");
            release.countDown();
            assertThat(first.readResponse().text()).isEqualTo("late");
        }
    }

    @Test
    void responseTimeout() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.readToEnd();
                        });
                Bench bench = Bench.with("", "    responseTimeout: 200ms", server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            assertFailure(wire.readResponse(), 504, "response-timeout");
            wire.send(GET);
            assertFailure(wire.readResponse(), 504, "response-timeout");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aResponseThatStopsMovingIsCutOff() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                            wire.readToEnd();
                        });
                Bench bench = Bench.with("", "    responseTimeout: 200ms", server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            wire.readHead();
            assertThat(wire.readText(5)).isEqualTo("hello");
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void requestTimeout() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.readToEnd();
                        });
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + bench.upstream("", server)
                            + "routes: [{upstream: app, requestTimeout: 100ms}]");
            assertFailure(bench.get("/"), 504, "request-timeout");
        }
    }

    @Test
    void upstreamClosed() {
        try (Server server = Server.of((wire, self) -> self.take(wire));
                Bench bench = Bench.to(server)) {
            assertFailure(bench.get("/"), 502, "upstream-closed");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsBrokenOffForTheClient() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                            + "5\r\nhello\r\n");
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            wire.readHead();
            assertThat(wire.readTextToEnd()).isEqualTo("5\r\nhello\r\n");
        }
    }

    @Test
    void aServerThatClosesARestingConnectionIsAskedAgain() {
        try (Server server = oncePerConnection();
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 0; i < 5; i++) {
                wire.send(GET);
                assertThat(wire.readResponse().text()).isEqualTo("once");
            }
            // Of each connection the second request is read and not answered.
            assertThat(server.connections()).isEqualTo(5);
        }
    }

    @Test
    void whatMustNotBeRepeatedIsNotRepeated() {
        try (Server server = oncePerConnection();
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            String post = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi";
            wire.send(post);
            assertThat(wire.readResponse().text()).isEqualTo("once");
            wire.send(post);
            assertFailure(wire.readResponse(), 502, "upstream-closed");
            assertThat(server.requests).hasSize(2);
        }
    }

    private static Server oncePerConnection() {
        return Server.of((wire, self) -> {
            self.take(wire);
            wire.send(Server.ok("once"));
            self.take(wire);
        });
    }

    static void assertFailure(Wire.Message response, int status, String reason) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.field("sluice-reason")).contains(reason);
        assertThat(response.text()).startsWith(status + " " + reason + "\n");
    }
}
