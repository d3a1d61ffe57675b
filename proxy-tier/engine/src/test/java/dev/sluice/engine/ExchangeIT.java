package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class ExchangeIT {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    @Test
    void aRequestGoesToItsServerAndTheResponseComesBack() {
        try (Server server = Server.saying("hello");
                Bench bench = Bench.to(server)) {
            Wire.Message response = bench.get("/a?b=c");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("hello");
            assertThat(server.requests).hasSize(1);
            assertThat(server.requests.getFirst().head())
                    .isEqualTo(
                            Wire.crlf(
                                    """
                                    GET /a?b=c HTTP/1.1
                                    Host: test
                                    x-forwarded-for: 127.0.0.1
                                    x-forwarded-proto: http
                                    x-forwarded-host: test

                                    """));
        }
    }

    @Test
    void connectionsAreKeptOnBothSides() {
        try (Server server = Server.saying("hello");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 0; i < 5; i++) {
                wire.send(GET);
                assertThat(wire.readResponse().text()).isEqualTo("hello");
            }
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.requests).hasSize(5);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (Server server = Server.answering(request -> Server.ok(request.firstLine()));
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            wire.send(all.toString());
            for (int i = 0; i < 100; i++) {
                assertThat(wire.readResponse().text()).isEqualTo("GET /" + i + " HTTP/1.1");
            }
        }
    }

    @Test
    void aLongPipelineOfQuickAnswersNeedsNoDeepStack() {
        int requests = 10_000;
        try (Bench bench = new Bench()) {
            bench.apply(bench.listener(""));
            int length = (bench.get("/").head() + bench.get("/").text()).length();
            try (Wire wire = bench.connect()) {
                Thread.ofVirtual().start(() -> wire.send(GET.repeat(requests)));
                assertThat(wire.readBytes(requests * length)).hasSize(requests * length);
            }
        }
    }

    @Test
    void bodiesOfBothFramingsGoThrough() {
        try (Server server = Server.answering(request -> Server.ok(request.text()));
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(wire.readResponse().text()).isEqualTo("hello");
            wire.send(
                    "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3;x=y\r\nwor\r\n2\r\nld\r\n0\r\n\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("world");
            assertThat(server.requests.get(0).field("content-length")).contains("5");
            assertThat(server.requests.get(1).field("transfer-encoding")).contains("chunked");
            assertThat(server.requests.get(1).count("content-length")).isZero();
        }
    }

    @Test
    void trailersGoBothWaysButNotTheDangerousOnes() {
        try (Server server =
                        Server.answering(_ ->
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "2\r\nok\r\n0\r\nX-Sum: 7\r\nSet-Cookie: a\r\n\r\n");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(
                    "POST / HTTP/1.1\r\nHost: test\r\nTE: trailers, gzip\r\nConnection: te\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "2\r\nhi\r\n0\r\nX-Check: 1\r\nAuthorization: x\r\n\r\n");
            assertThat(wire.readResponse().trailers()).isEqualTo("X-Sum: 7\r\n");
            assertThat(server.requests.getFirst().trailers()).isEqualTo("X-Check: 1\r\n");
            assertThat(server.requests.getFirst().field("te")).contains("trailers");
        }
    }

    @Test
    void aResponseToHeadHasNoBody() {
        try (Server server =
                        Server.answering(_ -> "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 0; i < 2; i++) {
                wire.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(wire.readHead()).contains("ontent-Length: 1000\r\n");
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void statusesWithoutBodyEndAtTheirHead() {
        try (Server server =
                        Server.answering(request ->
                                request.firstLine().contains("/204")
                                        ? "HTTP/1.1 204 No Content\r\n\r\n"
                                        : "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send("GET /204 HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(wire.readHead()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n");
            wire.send("GET /304 HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(wire.readHead()).isEqualTo("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n");
        }
    }

    @Test
    void aBodyThatEndsWithItsConnectionIsChunkedForTheClient() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\n\r\nto the end");
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 1; i <= 2; i++) {
                wire.send(GET);
                Wire.Message response = wire.readResponse();
                assertThat(response.field("transfer-encoding")).contains("chunked");
                assertThat(response.text()).isEqualTo("to the end");
                assertThat(server.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void aClientOfHttpOneOhGetsNoChunks() {
        try (Server server =
                        Server.answering(_ ->
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "5\r\nhello\r\n0\r\n\r\n");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.0\r\n\r\n");
            Wire.Message response = wire.readResponse();
            assertThat(response.field("transfer-encoding")).isEmpty();
            assertThat(response.field("connection")).contains("close");
            assertThat(response.text()).isEqualTo("hello");
            assertThat(server.requests.getFirst().field("host"))
                    .contains("127.0.0.1:" + bench.port);
        }
    }

    @Test
    void aClientOfHttpOneOhMayKeepItsConnection() {
        try (Server server = Server.saying("hello");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            for (int i = 0; i < 2; i++) {
                wire.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                Wire.Message response = wire.readResponse();
                assertThat(response.field("connection")).contains("keep-alive");
                assertThat(response.text()).isEqualTo("hello");
            }
            wire.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(wire.readResponse().field("connection")).contains("close");
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void theServerDecidesOnExpectContinue() {
        try (Server server =
                        Server.of((wire, self) -> {
                            String head = wire.readHead();
                            wire.send("HTTP/1.1 100 Continue\r\n\r\n");
                            String body = wire.readText(5);
                            self.requests.add(new Wire.Message(head, body, ""));
                            wire.send(Server.ok("thanks"));
                            wire.readHead();
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(
                    "POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 5\r\n\r\n");
            assertThat(wire.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            wire.send("hello");
            assertThat(wire.readResponse().text()).isEqualTo("thanks");
            assertThat(server.requests.getFirst().field("expect")).contains("100-continue");
        }
    }

    @Test
    void anEarlyAnswerIsDeliveredAndTheConnectionToTheServerIsNotKept() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.requests.add(new Wire.Message(wire.readHead(), "", ""));
                            wire.send(Server.ok("enough"));
                            wire.readToEnd();
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhello");
            assertThat(wire.readResponse().text()).isEqualTo("enough");
            // The rest of the body is skipped; the client's connection goes on behind it.
            wire.send("world" + GET);
            assertThat(wire.readResponse().text()).isEqualTo("enough");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void whatFollowsAnEarlyAnswerIsSkippedOnlyUpToABound() {
        try (Server server =
                        Server.of((wire, _) -> {
                            wire.readHead();
                            wire.send(Server.ok("enough"));
                            wire.readToEnd();
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 999999999\r\n\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("enough");
            wire.send(new byte[70 << 10]);
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void aClientThatGoesAwayCancelsItsRequest() throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            if (wire.isEnded()) {
                                cancelled.countDown();
                            }
                        });
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            await().until(() -> server.requests.size() == 1);
            assertThat(bench.engine.load().requests()).isEqualTo(1);
            wire.hangUp();
            assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
            await().until(() -> bench.engine.load().isEmpty());
        }
    }

    @Test
    void endpointsTakeTurnsAndResponsesNameTheProxy() {
        try (Server one = Server.saying("one");
                Server two = Server.saying("two");
                Bench bench = new Bench()) {
            bench.apply(
                    "identifyProxy: true\n"
                            + bench.listener("")
                            + bench.upstream("    balance: round-robin", one, two)
                            + "routes: [{upstream: app}]");
            List<Wire.Message> responses =
                    List.of(bench.get("/"), bench.get("/"), bench.get("/"), bench.get("/"));
            assertThat(responses)
                    .extracting(Wire.Message::text)
                    .containsExactly("one", "two", "one", "two");
            assertThat(responses)
                    .allSatisfy(response ->
                            assertThat(response.field("x-served-by")).contains("proxy-under-test"));
        }
    }

    @Test
    void routesAreChosenByHostAndPath() {
        try (Server web = Server.saying("web");
                Server api = Server.saying("api");
                Bench bench = new Bench()) {
            bench.apply(
                    bench.listener("")
                            + """
                            upstreams:
                              - {name: web, endpoints: ["%s"]}
                              - {name: api, endpoints: ["%s"]}
                            routes:
                              - {host: test, upstream: web}
                              - {host: test, path: /api, upstream: api}
                            """
                                    .formatted(web.address(), api.address()));
            assertThat(bench.get("/x").text()).isEqualTo("web");
            assertThat(bench.get("/api/x").text()).isEqualTo("api");
            assertThat(bench.get("/x/../api/./y").text()).isEqualTo("api");
            assertThat(api.requests)
                    .last()
                    .extracting(Wire.Message::firstLine)
                    .isEqualTo("GET /api/y HTTP/1.1");
        }
    }

    @Test
    void informationalResponsesArePassedOn() {
        try (Server server =
                        Server.answering(_ ->
                                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                        + Server.ok("done"));
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(GET);
            assertThat(wire.readHead()).startsWith("HTTP/1.1 103 ").contains("Link: </a>\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("done");
        }
    }
}
