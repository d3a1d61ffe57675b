package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers that speak HTTP/2, frame by frame. */
final class Http2UpstreamIT {
    private static final String TO_H2 = "    version: h2";
    private static final int MAX_STREAMS = 3;

    /** What came, by the fields of its head. */
    private final List<H2Wire.Frame> heads = new CopyOnWriteArrayList<>();

    private interface Answer {
        void to(H2Wire h2, H2Wire.Frame head);
    }

    /** Answers each head as it comes. */
    private Server answering(Answer answer, int... settings) {
        return Server.of((wire, self) -> {
            H2Wire h2 = H2Wire.serve(wire, settings);
            while (true) {
                H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                heads.add(head);
                answer.to(h2, head);
            }
        });
    }

    private static void ok(H2Wire h2, H2Wire.Frame head, String text) {
        h2.head(head.stream(), false, ":status", "200", "x-color", "blue");
        h2.data(head.stream(), true, text);
    }

    private static Bench bench(Server... servers) {
        return Bench.with(Http2IT.H2, TO_H2, servers);
    }

    @Test
    void requestsOfBothVersionsReachAServerOfHttp2() {
        try (Server server = answering((h2, head) -> ok(h2, head, "hello"));
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            Wire.Message reply = bench.get("/a?b");
            assertThat(reply.text()).isEqualTo("hello");
            assertThat(reply.field("x-color")).contains("blue");
            client.get(1, "/c", "te", "trailers", "cookie", "a=1", "cookie", "b=2");
            assertThat(client.reply(1).text()).isEqualTo("hello");
            H2Wire.Frame first = heads.getFirst();
            assertThat(first.fields())
                    .contains(":method: GET", ":path: /a?b", ":authority: test", ":scheme: http")
                    .doesNotContain("host: test");
            assertThat(first.ends()).isTrue();
            assertThat(heads.get(1).fields()).contains("te: trailers", "cookie: a=1; b=2");
        }
    }

    @Test
    void bodiesAndTrailersGoBothWays() {
        try (Server server =
                        answering((h2, head) -> {
                            String body = h2.body(head.stream());
                            h2.head(head.stream(), false, ":status", "103", "link", "<a>");
                            h2.head(head.stream(), false, ":status", "200");
                            h2.data(head.stream(), false, "got " + body);
                            h2.head(head.stream(), true, "x-sum", "7", "content-length", "3");
                        });
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port);
                Wire old = bench.connect()) {
            client.request(1, "POST", "/", false);
            client.data(1, false, "one,");
            client.data(1, true, "two");
            assertThat(client.awaitHead(1).field(":status")).isEqualTo("103");
            H2Wire.Reply reply = client.reply(1);
            assertThat(reply.text()).isEqualTo("got one,two");
            assertThat(reply.trailers()).containsExactly("x-sum: 7");
            old.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(old.readResponse().firstLine()).startsWith("HTTP/1.1 103");
            Wire.Message answer = old.readResponse();
            assertThat(answer.text()).isEqualTo("got body");
            assertThat(answer.trailers()).isEqualTo("x-sum: 7\r\n");
        }
    }

    @Test
    void requestsShareAConnectionUpToWhatItTakes() {
        try (Server server =
                        answering(
                                (h2, head) -> {
                                    if (head.field(":path").equals("/go")) {
                                        ok(h2, head, "hello");
                                    }
                                },
                                MAX_STREAMS,
                                2);
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            client.get(1, "/wait");
            await().until(() -> heads.size() == 1);
            client.get(3, "/wait");
            await().until(() -> heads.size() == 2);
            assertThat(server.connections()).isEqualTo(1);
            client.get(5, "/go");
            assertThat(client.reply(5).text()).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aRefusedRequestIsAskedElsewhereWhateverItIs() {
        try (Server server =
                        answering((h2, head) -> {
                            if (heads.size() == 1) {
                                h2.reset(head.stream(), H2Wire.REFUSED_STREAM);
                            } else {
                                ok(h2, head, "hello");
                            }
                        });
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            client.request(1, "POST", "/", true);
            assertThat(client.reply(1).text()).isEqualTo("hello");
            assertThat(heads).hasSize(2);
        }
    }

    @Test
    void whatIsBehindAGoodbyeIsAskedOnAnotherConnection() {
        try (Server server =
                        answering((h2, head) -> {
                            if (heads.size() == 2) {
                                // The first stream counts, this one does not.
                                h2.send(
                                        H2Wire.GOAWAY,
                                        0,
                                        0,
                                        java.nio.ByteBuffer.allocate(8)
                                                .putInt(heads.getFirst().stream())
                                                .putInt(0)
                                                .array());
                                ok(h2, heads.getFirst(), "first");
                            } else if (heads.size() > 2) {
                                ok(h2, head, "second");
                            }
                        });
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            client.request(1, "POST", "/", true);
            await().until(() -> heads.size() == 1);
            client.request(3, "POST", "/", true);
            assertThat(client.reply(1).text()).isEqualTo("first");
            assertThat(client.reply(3).text()).isEqualTo("second");
            assertThat(server.connections()).isEqualTo(2);
            await().until(() -> server.closed() == 1);
        }
    }

    @Test
    void aCancelledRequestCancelsItsStreamAlone() {
        try (Server server =
                        answering((h2, head) -> {
                            if (head.field(":path").equals("/wait")) {
                                heads.add(h2.await(H2Wire.RST_STREAM));
                            } else {
                                ok(h2, head, "hello");
                            }
                        });
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            client.get(1, "/wait");
            await().until(() -> heads.size() == 1);
            client.reset(1, H2Wire.CANCEL);
            await().until(() -> heads.size() == 2);
            assertThat(heads.get(1).word(0)).isEqualTo(H2Wire.CANCEL);
            client.get(3, "/");
            assertThat(client.reply(3).text()).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void anEarlyAnswerStopsTheUpload() {
        try (Server server =
                        answering((h2, head) -> {
                            ok(h2, head, "no");
                            heads.add(h2.await(H2Wire.RST_STREAM));
                        });
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            client.request(1, "POST", "/", false);
            client.data(1, false, "much to say");
            assertThat(client.reply(1).text()).isEqualTo("no");
            await().until(() -> heads.size() == 2);
            assertThat(heads.get(1).word(0)).isEqualTo(H2Wire.NO_ERROR);
        }
    }

    @Test
    void nonsenseIsABadResponse() {
        String[][] bad = {
            {":status", "20"},
            {":status", "101"},
            {"x", "y"},
            {":status", "200", "connection", "close"},
            {":status", "200", "X-Upper", "1"},
            {":status", "200", "content-length", "x"},
            {":status", "200", "content-length", "0", "content-length", "0"},
            {":status", "200", "content-length", "0, 0"},
        };
        try (Server server =
                        answering((h2, head) ->
                                h2.head(
                                        head.stream(),
                                        true,
                                        bad[Integer.parseInt(head.field(":path").substring(1))]));
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            for (int i = 0; i < bad.length; i++) {
                client.get(2 * i + 1, "/" + i);
                H2Wire.Reply reply = client.reply(2 * i + 1);
                assertThat(reply.status()).as(bad[i][1]).isEqualTo(502);
                assertThat(reply.field("sluice-reason")).isEqualTo("bad-response");
            }
        }
    }

    @Test
    void aServerOfHttp1IsNotMistakenForOne() {
        try (Server server = Server.saying("hello");
                Bench bench = bench(server)) {
            FailureIT.assertFailure(bench.get("/"), 502, "connect-failed");
        }
    }

    @Test
    void aSlowClientStopsItsStreamAndNoOther() {
        int size = 4 << 20;
        AtomicInteger sent = new AtomicInteger();
        try (Server server =
                        Server.of((wire, self) -> {
                            H2Wire h2 = H2Wire.serve(wire);
                            // As the proxy's SETTINGS say, which come ahead of the request.
                            long window = 256 << 10;
                            H2Wire.Frame head = h2.await(H2Wire.HEADERS);
                            h2.head(head.stream(), false, ":status", "200");
                            String chunk = "x".repeat(16 << 10);
                            while (sent.get() < size) {
                                if (window < chunk.length()) {
                                    H2Wire.Frame next =
                                            h2.await(f ->
                                                    f.type() == H2Wire.HEADERS
                                                            || (f.type() == H2Wire.WINDOW_UPDATE
                                                                    && f.stream() != 0));
                                    if (next.type() == H2Wire.HEADERS) {
                                        ok(h2, next, "other");
                                    } else {
                                        window += next.word(0);
                                    }
                                    continue;
                                }
                                sent.addAndGet(chunk.length());
                                window -= chunk.length();
                                h2.data(head.stream(), sent.get() >= size, chunk);
                            }
                            h2.await(H2Wire.PING);
                        });
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            // Only the stream's own window is to run out.
            client.window(0, size);
            client.get(1, "/slow");
            await().until(() -> sent.get() >= 3 * (16 << 10));
            client.get(3, "/other");
            assertThat(client.reply(3).text()).isEqualTo("other");
            assertThat(sent.get()).isLessThan(size);
            client.window(1, size);
            assertThat(client.reply(1).text()).hasSize(size);
        }
    }

    @Test
    void aSilentServerIsNotWaitedForForever() {
        try (Server server = answering((h2, head) -> {});
                Bench bench = Bench.with("", TO_H2 + "\n    responseTimeout: 300ms", server)) {
            FailureIT.assertFailure(bench.get("/"), 504, "response-timeout");
        }
    }

    @Test
    void connectionsToRemovedServersEndWithTheirLastRequest() {
        try (Server server =
                        answering((h2, head) -> {
                            if (head.field(":path").equals("/last")) {
                                ok(h2, heads.getFirst(), "first");
                                ok(h2, head, "last");
                            }
                        });
                Bench bench = bench(server);
                H2Wire client = H2Wire.connect(bench.port)) {
            client.get(1, "/wait");
            await().until(() -> heads.size() == 1);
            client.get(3, "/last");
            assertThat(client.reply(1).text()).isEqualTo("first");
            assertThat(client.reply(3).text()).isEqualTo("last");
            assertThat(server.closed()).isZero();
            bench.apply(
                    bench.listener(Http2IT.H2)
                            + bench.upstream(TO_H2)
                            + "routes: [{upstream: app}]");
            await().until(() -> server.closed() == 1);
        }
    }
}
