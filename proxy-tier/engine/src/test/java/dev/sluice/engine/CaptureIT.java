package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.capture.Captures;
import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is not valid is kept for those who ask what it was. */
final class CaptureIT {
    private static Capture only(Bench bench) {
        await().until(() -> !bench.engine.figures().captures().last().isEmpty());
        List<Captures.Kept> all = bench.engine.figures().captures().last();
        assertThat(all).hasSize(1);
        return all.getFirst().capture();
    }

    private static String text(Excerpt excerpt) {
        return new String(excerpt.octets(), StandardCharsets.ISO_8859_1);
    }

    /** From the octet that is wrong on. */
    private static String fromFault(Capture capture) {
        return text(capture.excerpt()).substring(capture.excerpt().fault());
    }

    private static String real(String written) {
        return written.replace("<", "\r\n").replace("0x00", "\u0000");
    }

    @ParameterizedTest
    @CsvSource({
        "GET  / HTTP/1.1<Host: a<<,MALFORMED,' / HTTP/1.1'",
        "GET / HTTP/2.1<Host: a<<,MALFORMED,HTTP/2.1",
        "GET / HTTP/1.1<Host : a<<,MALFORMED,' : a'",
        "GET / HTTP/1.1<Host: a<X: a0x00b<<,MALFORMED,0x00b",
        "GET / HTTP/1.1<Host: a b<X: y<<,BAD_HOST,Host: a b",
        "GET / HTTP/1.1<X: y<<,BAD_HOST,<",
        "GET /.. HTTP/1.1<Host: a<<,BAD_TARGET,GET /..",
        "POST / HTTP/1.1<Host: a<Content-Length: 1x<<,BAD_FRAMING,Content-Length: 1x",
        "POST / HTTP/1.1<Host: a<Transfer-Encoding: chunked<<2<ab<zz<,MALFORMED,zz",
        "POST / HTTP/1.1<Host: a<Transfer-Encoding: chunked<<0<X y: z<<,MALFORMED,' y: z'",
    })
    void theOctetThatIsWrongInARequestIsKnown(String request, Failure why, String fault) {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send(real(request));
            Capture capture = only(bench);
            assertThat(capture.side()).isEqualTo(Capture.Side.REQUEST);
            assertThat(capture.why()).isEqualTo(why);
            assertThat(capture.remote().address().toString()).isEqualTo("127.0.0.1");
            assertThat(fromFault(capture)).startsWith(real(fault));
            assertThat(real(request)).endsWith(text(capture.excerpt()));
            assertThat(bench.engine.figures().captures().count(Capture.Side.REQUEST)).isOne();
        }
    }

    @Test
    void whatIsTooLateOrUnwantedIsNotMalformed() {
        try (Server server = Server.saying("seen");
                Bench bench = Bench.to(server)) {
            try (Wire wire = bench.connect()) {
                wire.send("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(wire.readResponse().status()).isEqualTo(405);
            }
            assertThat(bench.get("/").status()).isEqualTo(200);
            assertThat(bench.engine.figures().captures().last()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SSH-2.0-OpenSSH<<,SSH-2.0",
        "HTTP/1.1 204 No<Content-Length: 5<<hello,Content-Length: 5",
        "HTTP/1.1 200 OK<Set-Cookie: hush<Transfer-Encoding: chunked<<0x1,x1",
        "HTTP/1.1 200 OK<Set-Cookie: hush<Transfer-Encoding: gzip<<,Transfer-Encoding: gzip",
    })
    void soIsTheOneInAResponse(String response, String fault) {
        try (Server server = Server.answering(_ -> response.replace("<", "\r\n"));
                Bench bench = Bench.to(server);
                Wire wire = bench.connect()) {
            wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Capture capture = only(bench);
            assertThat(capture.side()).isEqualTo(Capture.Side.RESPONSE);
            assertThat(capture.why()).isEqualTo(Failure.BAD_RESPONSE);
            assertThat(capture.remote().toString()).isEqualTo(server.address());
            assertThat(fromFault(capture)).startsWith(fault);
            assertThat(text(capture.excerpt())).doesNotContain("hush");
        }
    }

    @Test
    void whatComesBehindAResponseIsKept() {
        try (Server server = Server.answering(_ -> Server.ok("good") + "HTTP/1.1 200 poison");
                Bench bench = Bench.to(server)) {
            assertThat(bench.get("/").text()).isEqualTo("good");
            Capture capture = only(bench);
            assertThat(capture.detail()).isEqualTo("octets behind the response");
            assertThat(text(capture.excerpt())).isEqualTo("HTTP/1.1 200 poison");
        }
    }

    @Test
    void headsOfHttp2AreToldAsLines() {
        try (Server server = Server.saying("seen");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(
                    1,
                    true,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":authority",
                    "a",
                    ":path",
                    "/",
                    "cookie",
                    "hush",
                    "te",
                    "gzip",
                    "connection",
                    "close");
            Capture capture = only(bench);
            assertThat(capture.version()).isEqualTo("HTTP/2");
            assertThat(capture.detail()).isNotEmpty();
            assertThat(text(capture.excerpt())).doesNotContain("hush");
        }
    }

    @Test
    void soAreFaultsThatNoHeadHas() {
        try (Server server = Server.saying("seen");
                Bench bench = Http2IT.bench(server);
                H2Wire h2 = H2Wire.connect(bench.port)) {
            h2.head(2, true, ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/");
            Capture capture = only(bench);
            assertThat(capture.excerpt()).isEqualTo(Excerpt.NONE);
            assertThat(capture.detail()).contains("2");
        }
    }
}
