package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** Which answers go out compressed, and how they look then. */
final class CompressionIT {
    /** Within the first window of a stream. */
    private static final String PAGE =
            "All work and no play makes Jack a dull boy.\n".repeat(1_000);

    private static final String HALF = PAGE.repeat(3);
    private static final String HTML =
            "Content-Type: text/html; charset=utf-8\nETag: \"v1\"\nAccept-Ranges: bytes\n"
                    + "Content-MD5: abc\n";

    private static Bench bench(Server server, String compress) {
        Bench bench = new Bench();
        bench.apply(
                bench.listener(Http2IT.H2)
                        + bench.upstream("", server)
                        + "routes: [{upstream: app, compress: "
                        + compress
                        + "}]");
        return bench;
    }

    private static Server saying(String fields, String body) {
        return Server.answering(request ->
                Wire.crlf("HTTP/1.1 200 OK\n" + fields)
                        + "Content-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + (request.firstLine().startsWith("HEAD") ? "" : body));
    }

    @ParameterizedTest
    @EnumSource
    void aPageGoesOutInTheCodingThatTheClientLikes(RoutesIT.Client client) throws IOException {
        try (Server server = saying(HTML, PAGE);
                Bench bench = bench(server, "{}")) {
            for (String coding : new String[] {"gzip", "zstd"}) {
                RoutesIT.Answer answer = client.get(bench, "/", "accept-encoding", "br, " + coding);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.field("content-encoding")).contains(coding);
                assertThat(answer.field("content-length")).isEmpty();
                assertThat(answer.field("accept-ranges")).isEmpty();
                assertThat(answer.field("content-md5")).isEmpty();
                assertThat(answer.field("etag")).contains("W/\"v1\"");
                assertThat(answer.field("vary")).contains("accept-encoding");
                assertThat(answer.text().length()).isLessThan(PAGE.length() / 10);
                assertThat(decoded(coding, answer.text())).isEqualTo(PAGE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoTakesNoneGetsThePageAsItIs(RoutesIT.Client client) {
        try (Server server = saying(HTML, PAGE);
                Bench bench = bench(server, "{}")) {
            RoutesIT.Answer answer = client.get(bench, "/", "accept-encoding", "gzip;q=0");
            assertThat(answer.text()).isEqualTo(PAGE);
            assertThat(answer.field("content-encoding")).isEmpty();
            assertThat(answer.field("etag")).contains("\"v1\"");
            // A cache must know that others get another form.
            assertThat(answer.field("vary")).contains("accept-encoding");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSmallCodedPartialOrNotToBeChangedStaysAsItIs(RoutesIT.Client client) {
        for (String fields :
                new String[] {
                    "Content-Type: image/png\n",
                    "X-No-Type: text/html\n",
                    "Content-Type: text/html\nContent-Encoding: br\n",
                    "Content-Type: text/html\nCache-Control: public, No-Transform\n",
                    "Content-Type: text/html\nContent-Range: bytes 0-1/2\n",
                    "Content-Type: text/event-stream\n"
                }) {
            assertUnchanged(client, fields, PAGE);
        }
        assertUnchanged(client, HTML, "x".repeat(1_023));
    }

    private static void assertUnchanged(RoutesIT.Client client, String fields, String body) {
        try (Server server = saying(fields, body);
                Bench bench = bench(server, "{}")) {
            RoutesIT.Answer answer = client.get(bench, "/", "accept-encoding", "gzip, zstd");
            assertThat(answer.text()).as(fields).isEqualTo(body);
            assertThat(answer.field("content-length")).contains("" + body.length());
            assertThat(answer.field("vary")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeadSaysWhatThereIsWithoutCompressingIt(RoutesIT.Client client) {
        try (Server server = saying(HTML, PAGE);
                Bench bench = bench(server, "{}")) {
            RoutesIT.Answer answer = client.ask(bench, "HEAD", "/", "accept-encoding", "gzip");
            assertThat(answer.field("content-length")).contains("" + PAGE.length());
            assertThat(answer.field("content-encoding")).isEmpty();
            assertThat(answer.field("vary")).contains("accept-encoding");
            assertThat(answer.text()).isEmpty();
        }
    }

    @Test
    void anEventIsThereAsSoonAsItIsSaid() throws IOException {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                            + "Transfer-Encoding: chunked\r\n\r\n"
                                            + "b\r\ndata: one\n\n\r\n");
                            // The next one waits until the client has read this one.
                            self.take(wire);
                        });
                Bench bench = bench(server, "{types: [text/event-stream], minimum: 0B}");
                Wire client = bench.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n");
            assertThat(client.readHead()).contains("content-encoding: gzip");
            GZIPInputStream events = new GZIPInputStream(new Chunks(client));
            assertThat(events.readNBytes(11))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("data: one\n\n");
        }
    }

    @Test
    void aResponseThatBreaksOffNeverLooksWhole() {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                            + "Content-Length: 200000\r\n\r\n"
                                            + HALF);
                        });
                Bench bench = bench(server, "{}");
                Wire client = bench.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\nAccept-Encoding: zstd\r\n\r\n");
            assertThat(client.readHead()).contains("content-encoding: zstd");
            assertThat(client.readTextToEnd()).doesNotEndWith("0\r\n\r\n");
        }
    }

    /** As many as a loop has compressors, and some more: those that went away gave theirs back. */
    @Test
    void clientsThatGoAwayLeaveNothingBehind() throws IOException {
        try (Server server =
                        Server.of((wire, self) -> {
                            self.take(wire);
                            wire.send(
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                                            + "Content-Length: 200000\r\n\r\n"
                                            + HALF);
                            wire.read();
                        });
                Bench bench =
                        new Bench(new EngineOptions("proxy-under-test", Transport.best(), 1))) {
            bench.apply(
                    bench.listener("")
                            + bench.upstream("", server)
                            + "routes: [{upstream: app, compress: {}}]");
            for (int i = 0; i < 200; i++) {
                try (Wire client = bench.connect()) {
                    client.send("GET / HTTP/1.1\r\nHost: test\r\nAccept-Encoding: gzip\r\n\r\n");
                    // A client is seen to be gone before the next one is served.
                    assertThat(client.readHead()).as("request %d", i).contains("gzip");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerOfTheProxyIsCompressedAsWell(RoutesIT.Client client) throws IOException {
        try (Bench bench = new Bench()) {
            bench.apply(
                    bench.listener(Http2IT.H2)
                            + "routes: [{respond: {status: 404, body: '"
                            + "nothing here ".repeat(1_000)
                            + "'}, compress: {}}]");
            RoutesIT.Answer answer = client.get(bench, "/", "accept-encoding", "gzip");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(decoded("gzip", answer.text())).isEqualTo("nothing here ".repeat(1_000));
        }
    }

    private static String decoded(String coding, String text) throws IOException {
        InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
        try (InputStream out =
                coding.equals("gzip") ? new GZIPInputStream(in) : new ZstdInputStream(in)) {
            return new String(out.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** What chunks carry, as they come. */
    private static final class Chunks extends InputStream {
        private final Wire wire;
        private int left;

        Chunks(Wire wire) {
            this.wire = wire;
        }

        @Override
        public int read() {
            if (left == 0) {
                left = Integer.parseInt(wire.readLine(), 16);
            }
            int octet = wire.read();
            left--;
            if (left == 0) {
                wire.readLine();
            }
            return octet;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            into[from] = (byte) read();
            return 1;
        }
    }

    /** Each of them has tables of its own: memory that clients could have any amount of. */
    @Test
    void onlySoManyAreCompressedAtATimeAndTheOthersPassAsTheyAre() {
        int most = 128;
        Server endless =
                Server.of((wire, self) -> {
                    wire.readRequest();
                    wire.send(
                            Wire.crlf("HTTP/1.1 200 OK\n" + HTML + "Content-Length: 1000000\n\n"));
                    wire.send(PAGE);
                    wire.readToEnd();
                });
        EngineOptions oneLoop = new EngineOptions("one-loop", Transport.best(), 1);
        try (endless;
                Bench bench = new Bench(oneLoop)) {
            bench.apply(
                    bench.listener(Http2IT.H2 + "\n    http2: {streams: 200}")
                            + bench.upstream("", endless)
                            + "routes: [{upstream: app, compress: {}}]");
            try (H2Wire client = H2Wire.connect(bench.port)) {
                for (int i = 0; i < most; i++) {
                    client.get(2 * i + 1, "/", "accept-encoding", "gzip");
                    assertThat(client.awaitHead(2 * i + 1).field("content-encoding"))
                            .isEqualTo("gzip");
                }
                assertThat(bench.engine.figures().uncompressed()).isZero();
                client.get(2 * most + 1, "/", "accept-encoding", "gzip");
                H2Wire.Frame head = client.awaitHead(2 * most + 1);
                assertThat(head.field("content-encoding")).isEmpty();
                assertThat(head.field("content-length")).isEqualTo("1000000");
                assertThat(bench.engine.figures().uncompressed()).isEqualTo(1);
                client.reset(1, H2Wire.CANCEL);
                client.get(2 * most + 3, "/", "accept-encoding", "gzip");
                assertThat(client.awaitHead(2 * most + 3).field("content-encoding"))
                        .isEqualTo("gzip");
            }
        }
    }
}
