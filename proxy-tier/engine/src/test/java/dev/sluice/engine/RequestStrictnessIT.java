package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** The upstream sees exactly the requests that the client was told about. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestStrictnessIT {
    /** What a smuggler wants the server to see as a request of its own. */
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n";

    private final Server server = Server.saying("seen");
    private final Bench bench =
            Bench.with("    limits: {body: 1KiB, target: 256B, header: 2KiB}", "", server);

    @BeforeAll
    void isUp() {
        assertThat(bench.get("/").text()).isEqualTo("seen");
    }

    @AfterAll
    void close() {
        bench.close();
        server.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(framing(), heads(), targetsAndLimits()).flatMap(all -> all);
    }

    private static Stream<Arguments> framing() {
        String post = "POST / HTTP/1.1\r\nHost: test\r\n";
        return Stream.of(
                refused(
                        400,
                        post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        400,
                        post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
                refused(400, post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nhello"),
                refused(400, post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
                refused(400, post + "Content-Length: 5, 5\r\n\r\nhello"),
                refused(400, post + "Content-Length: +5\r\n\r\nhello"),
                refused(400, post + "Content-Length: -5\r\n\r\nhello"),
                refused(400, post + "Content-Length: 0x5\r\n\r\nhello"),
                refused(400, post + "Content-Length: 5 5\r\n\r\nhello"),
                refused(400, post + "Content-Length:\r\n\r\n"),
                refused(400, post + "Content-Length: 18446744073709551621\r\n\r\nhello"),
                refused(400, post + "Content-Length : 5\r\n\r\nhello"),
                refused(
                        400,
                        "POST / HTTP/1.0\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello"),
                refused(400, post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                refused(400, post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                refused(400, post + "Transfer-Encoding: identity\r\n\r\nhello"),
                refused(501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                refused(400, post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        400,
                        post
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        400,
                        post
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
                refused(400, post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                refused(400, post + "Transfer-Encoding: chunked\u0000\r\n\r\n0\r\n\r\n"),
                refused(400, post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
                refused(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                refused(
                        400,
                        "GET / HTTP/1.1\r\nHost: test\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n"));
    }

    private static Stream<Arguments> heads() {
        return Stream.of(
                refused(400, "GET / HTTP/1.1\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                refused(400, "GET http://u@h/ HTTP/1.1\r\nHost: test\r\n\r\n"),
                // bytes
                refused(400, "GET / HTTP/1.1\r\nHost: test\r\nX: a\r\n b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: test\r\nX: a\u0000b\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: test\r\nX: a\rb\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: test\r\nX\u0001: a\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: test\r\n: a\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\r\nHost: test\r\nX a\r\n\r\n"),
                refused(400, "GET / HTTP/1.1\nHost: test\n\n"),
                refused(400, "GET /\u0001 HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET /a#b HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET /\u00fc HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET / HTTP/2.0\r\nHost: test\r\n\r\n"),
                refused(400, "GET / HTTP/1.2\r\nHost: test\r\n\r\n"),
                refused(400, "GET / HTTP/01.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET / http/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused(400, "GET /\r\n\r\n"),
                refused(400, "G@T / HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "\u0016\u0003\u0001\u0002\u0000\u0001"));
    }

    private static Stream<Arguments> targetsAndLimits() {
        String post = "POST / HTTP/1.1\r\nHost: test\r\n";
        return Stream.of(
                refused(400, "GET /.. HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET /a/../../b HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET /%2e%2e/b HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET /a%00b HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET /a%2fb HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET a HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(400, "GET * HTTP/1.1\r\nHost: test\r\n\r\n"),
                // methods and expectations
                refused(405, "TRACE / HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(405, "CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(417, post + "Expect: something\r\nContent-Length: 5\r\n\r\nhello"),
                refused(
                        400,
                        post
                                + "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello"),
                // limits
                refused(431, "GET / HTTP/1.1\r\nHost: test\r\nX: " + "a".repeat(3000) + "\r\n\r\n"),
                refused(431, "GET / HTTP/1.1\r\nHost: test\r\n" + "X: a\r\n".repeat(101) + "\r\n"),
                refused(414, "GET /" + "a".repeat(300) + " HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(414, "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: test\r\n\r\n"),
                refused(413, post + "Content-Length: 1025\r\n\r\nhello"),
                refused(400, post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n"));
    }

    private static Arguments refused(int status, String request) {
        return Arguments.of(status, request);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aDubiousRequestIsRefusedAndItsConnectionClosed(int status, String request) {
        server.requests.clear();
        try (Wire wire = bench.connect()) {
            wire.send(request + SMUGGLED);
            Wire.Message response = wire.readResponse();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.field("connection")).contains("close");
            assertThat(response.field("sluice-reason")).isPresent();
            assertThat(wire.isEnded()).isTrue();
        }
        assertThat(server.requests).isEmpty();
    }

    static Stream<String> brokenChunks() {
        return Stream.of(
                "0x1\r\na\r\n0\r\n\r\n",
                "g\r\n",
                "-1\r\na\r\n",
                " 1\r\na\r\n0\r\n\r\n",
                "10000000000000001\r\na\r\n",
                "ffffffffffffffff\r\na\r\n",
                "1\na\r\n0\r\n\r\n",
                "1;a\nb\r\na\r\n0\r\n\r\n",
                "1;a=\"\n\"\r\na\r\n0\r\n\r\n",
                "1\r\nab\r\n0\r\n\r\n",
                "1\r\na0\r\n\r\n",
                "1\r\na\n0\r\n\r\n",
                ";\r\n",
                "\r\n");
    }

    @ParameterizedTest
    @MethodSource("brokenChunks")
    void aBrokenChunkIsRefusedAndWhatFollowsIsNeverSeen(String chunks) {
        server.requests.clear();
        try (Wire wire = bench.connect()) {
            wire.send(
                    "POST /chunks HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + chunks
                            + SMUGGLED);
            Wire.Message response = wire.readResponse();
            assertThat(response.status()).isEqualTo(400);
            assertThat(wire.isEnded()).isTrue();
        }
        // The server may have seen the head, but no complete request.
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aChunkedBodyOverTheLimitIsRefused() {
        try (Wire wire = bench.connect()) {
            wire.send(
                    "POST /large HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "800\r\n"
                            + "a".repeat(0x800)
                            + "\r\n0\r\n\r\n"
                            + SMUGGLED);
            assertThat(wire.readResponse().status()).isEqualTo(413);
            assertThat(wire.isEnded()).isTrue();
        }
        assertThat(server.requests).noneMatch(seen -> seen.head().contains("/large"));
    }

    @Test
    void theHostThatIsRoutedOnIsTheHostThatTheServerSees() {
        try (Wire wire = bench.connect()) {
            wire.send("GET http://other/host HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(wire.readResponse().text()).isEqualTo("seen");
        }
        Wire.Message seen = server.requests.getLast();
        assertThat(seen.firstLine()).isEqualTo("GET /host HTTP/1.1");
        assertThat(seen.field("host")).contains("other");
        assertThat(seen.count("host")).isEqualTo(1);
    }

    @Test
    void fieldsThatTheProxySetsCannotBeNamedAwayOrForged() {
        try (Wire wire = bench.connect()) {
            wire.send(
                    "GET /names HTTP/1.1\r\nHost: test\r\n"
                            + "Connection: close, Host, X-Forwarded-For, X-Private\r\n"
                            + "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\n"
                            + "Forwarded: for=10.0.0.1\r\nX-Private: 1\r\nProxy-Connection: x\r\n\r\n");
            assertThat(wire.readResponse().field("connection")).contains("close");
        }
        Wire.Message seen = server.requests.getLast();
        assertThat(seen.field("host")).contains("test");
        assertThat(seen.field("x-forwarded-for")).contains("127.0.0.1");
        assertThat(seen.field("x-forwarded-proto")).contains("http");
        assertThat(seen.field("forwarded")).isEmpty();
        assertThat(seen.field("x-private")).isEmpty();
        assertThat(seen.field("connection")).isEmpty();
        assertThat(seen.field("proxy-connection")).isEmpty();
    }

    @Test
    void whatIsSplitOverManyPacketsIsReadAllTheSame() {
        try (Wire wire = bench.connect()) {
            for (char c :
                    "POST /split HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi"
                            .toCharArray()) {
                wire.send(String.valueOf(c));
            }
            assertThat(wire.readResponse().text()).isEqualTo("seen");
            assertThat(server.requests.getLast().text()).isEqualTo("hi");
        }
    }
}
