package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class Http2IT {
    static final String H2 = "    versions: [h2, h1]";

    static Bench bench(Server... servers) {
        return Bench.with(H2, "", servers);
    }

    @Test
    void aRequestGoesThroughToAServerOfHttp1() {
        try (Server server = Server.saying("hello");
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/a?b=c", "x-color", "blue", "te", "trailers");
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.text()).isEqualTo("hello");
            Wire.Message seen = server.requests.getFirst();
            assertThat(seen.firstLine()).isEqualTo("GET /a?b=c HTTP/1.1");
            assertThat(seen.field("host")).contains("test");
            assertThat(seen.field("x-color")).contains("blue");
            assertThat(seen.field("te")).contains("trailers");
            assertThat(seen.field("x-forwarded-proto")).contains("http");
            assertThat(seen.head()).doesNotContain(":authority").doesNotContain(":path");
        }
    }

    @Test
    void bothVersionsAreTakenOnOnePlaintextPort() {
        try (Server server = Server.saying("hello");
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            assertThat(bench.get("/").text()).isEqualTo("hello");
            h2.get(1, "/");
            assertThat(h2.reply(1).text()).isEqualTo("hello");
        }
    }

    @Test
    void withoutTheVersionThePrefaceIsARequestThatIsRefused() {
        try (Server server = Server.saying("hello");
                Bench bench = Bench.to(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            assertThat(h2.wire().readResponse().status()).isEqualTo(400);
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void requestsDoNotWaitForEachOther() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Server server =
                        Server.answering(request -> {
                            if (request.firstLine().startsWith("GET /slow")) {
                                waitFor(goOn);
                            }
                            return Server.ok(request.firstLine().split(" ", -1)[1]);
                        });
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/slow");
            h2.get(3, "/fast");
            assertThat(h2.reply(3).text()).isEqualTo("/fast");
            goOn.countDown();
            assertThat(h2.reply(1).text()).isEqualTo("/slow");
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bodiesAndTrailersGoBothWays() {
        try (Server server =
                        Server.answering(request ->
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "5\r\nfirst\r\n0\r\nX-Sum: 7\r\n"
                                        + "Content-Length: 9\r\n\r\n");
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            h2.data(1, false, "one,");
            h2.data(1, false, "two");
            h2.head(1, true, "x-check", "3", "authorization", "no");
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.text()).isEqualTo("first");
            assertThat(reply.trailers()).containsExactly("x-sum: 7");
            assertThat(reply.field("transfer-encoding")).isEmpty();
            Wire.Message seen = server.requests.getFirst();
            assertThat(seen.text()).isEqualTo("one,two");
            assertThat(seen.trailers()).isEqualTo("x-check: 3\r\n");
            assertThat(seen.field("transfer-encoding")).contains("chunked");
        }
    }

    @Test
    void aBodyOfKnownLengthIsSentOnAsSuch() {
        try (Server server = Server.saying("thanks");
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "PUT", "/", false, "content-length", "4");
            h2.data(1, true, "body");
            assertThat(h2.reply(1).status()).isEqualTo(200);
            assertThat(server.requests.getFirst().field("content-length")).contains("4");
            assertThat(server.requests.getFirst().text()).isEqualTo("body");
        }
    }

    @Test
    void piecesOfACookieAreJoined() {
        try (Server server = Server.saying("hello");
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/", "cookie", "a=1", "cookie", "b=2");
            assertThat(h2.reply(1).status()).isEqualTo(200);
            Wire.Message seen = server.requests.getFirst();
            assertThat(seen.count("cookie")).isEqualTo(1);
            assertThat(seen.field("cookie")).contains("a=1; b=2");
        }
    }

    @Test
    void informationalResponsesComeAhead() {
        try (Server server =
                        Server.answering(request ->
                                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                                        + Server.ok("done"));
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            H2Wire.Frame hint = h2.awaitHead(1);
            assertThat(hint.field(":status")).isEqualTo("103");
            assertThat(hint.field("link")).isEqualTo("</a.css>");
            assertThat(h2.reply(1).text()).isEqualTo("done");
        }
    }

    @Test
    void anAnswerToHeadHasNoBody() {
        try (Server server = Server.answering(_ -> "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "HEAD", "/", true);
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.field("content-length")).isEqualTo("5");
            assertThat(reply.frames()).hasSize(1);
        }
    }

    @Test
    void aRefusalOfHeadHasNoBody() {
        try (Server server = Server.saying("seen");
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "HEAD", "/", true, "expect", "miracles");
            H2Wire.Reply refused = h2.reply(1);
            assertThat(refused.status()).isEqualTo(417);
            assertThat(refused.text()).isEmpty();
            h2.request(3, "HEAD", "/%00", true);
            H2Wire.Reply reply = h2.reply(3);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text()).isEmpty();
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    void anEarlyAnswerStopsTheUpload() {
        try (Server server =
                        Server.of((wire, self) -> {
                            wire.readHead();
                            wire.send(
                                    "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n"
                                            + "Connection: close\r\n\r\nno");
                            wire.readToEnd();
                        });
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.request(1, "POST", "/", false);
            h2.data(1, false, "much to say");
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.text()).isEqualTo("no");
            assertThat(h2.await(H2Wire.RST_STREAM).word(0)).isEqualTo(H2Wire.NO_ERROR);
            // What was on its way does no harm.
            h2.data(1, true, "still talking");
            h2.get(3, "/");
            assertThat(h2.reply(3).status()).isEqualTo(403);
        }
    }

    @Test
    void aResponseThatBreaksOffIsReset() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
                        });
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            assertThat(h2.reply(1).reset()).contains(H2Wire.INTERNAL_ERROR);
            h2.get(3, "/");
            assertThat(h2.reply(3).reset()).isPresent();
        }
    }

    @Test
    void aRequestTakenBackIsTakenBackFromItsServer() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.readToEnd();
                        });
                Bench bench = bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            await().until(() -> server.requests.size() == 1);
            h2.reset(1, H2Wire.CANCEL);
            await().until(() -> server.closed() == 1);
            await().until(() -> bench.engine.load().equals(new Load(1, 0, 0)));
        }
    }

    @Test
    void failuresOfTheProxyAreAnswers() {
        try (Bench bench = bench();
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.get(1, "/");
            H2Wire.Reply reply = h2.reply(1);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.field("sluice-reason")).isEqualTo("no-endpoint");
            assertThat(reply.text()).startsWith("503 no-endpoint");
        }
    }
}
