package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Name;
import dev.sluice.engine.http.Names;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

final class RequestParserTest {
    private final RequestParser parser = new RequestParser(256, 1 << 10, 3);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \t\u00fc\r\n\r\n",
                "POST / HTTP/1.0\r\nContent-Length: 1\r\nContent-Lengthy: 1\r\n\r\n"
            })
    void ordinaryHeadsPassHoweverTheyAreSplit(String head) {
        for (int step = 1; step <= head.length(); step++) {
            parser.reset();
            assertThat(read(head + "next", step)).isEqualTo("next");
            assertThat(parser.failure()).isNull();
            assertThat(parser.target()).isEqualTo("/");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n\n",
                "\nGET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\r\nX: \u0001\r\n\r\n",
                "GET / HTTP/1.1\r\nX: \u007f\r\n\r\n",
                "GET / HTTP/1.1\r\nX : a\r\n\r\n",
                "GET / HTTP/1.1\r\nX\u00fc: a\r\n\r\n",
                "GET / HTTP/1.1\r\n: a\r\n\r\n",
                "GET / HTTP/1.1\r\nX\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "GET /  HTTP/1.1\r\n\r\n",
                " GET / HTTP/1.1\r\n\r\n",
                "GET\t/\tHTTP/1.1\r\n\r\n",
                "GET /a b HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1 \r\n\r\n",
                "GET / HTTP/1.2\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET / http/1.1\r\n\r\n",
                "GET /\r\n\r\n",
                "GET /\u0001 HTTP/1.1\r\n\r\n",
                "\u0016\u0003\u0001",
            })
    void whatOthersMayReadInAnotherWayIsRefusedHoweverItIsSplit(String head) {
        for (int step = 1; step <= head.length(); step++) {
            parser.reset();
            read(head, step);
            assertThat(parser.failure()).as("in steps of " + step).isEqualTo(Failure.MALFORMED);
        }
    }

    @Test
    void limitsHoldBeforeTheHeadIsComplete() {
        assertThat(failure("GET / HTTP/1.1\r\na: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\n"))
                .isEqualTo(Failure.HEADER_TOO_LARGE);
        assertThat(failure("GET / HTTP/1.1\r\na: " + "b".repeat(1 << 10)))
                .isEqualTo(Failure.HEADER_TOO_LARGE);
        assertThat(failure("GET /" + "a".repeat(310))).isEqualTo(Failure.TARGET_TOO_LONG);
        assertThat(failure("GET /" + "a".repeat(256) + " HTTP/1.1\r\n"))
                .isEqualTo(Failure.TARGET_TOO_LONG);
        assertThat(failure("\r\n".repeat(200))).isEqualTo(Failure.TARGET_TOO_LONG);
    }

    @Test
    void fieldsAreAViewOnWhatCameIn() {
        read("GET / HTTP/1.1\r\nhOsT:a \r\nX-Mine: \t1 2\t\r\nx-mine:\r\n\r\n", 5);
        WireFields fields = parser.fields();
        assertThat(fields.get(Names.HOST)).isEqualTo("a");
        assertThat(fields.all(Name.of("X-MINE"))).containsExactly("1 2", "");
        assertThat(fields.count(Names.HOST)).isEqualTo(1);
        assertThat(fields.has(Names.TE)).isFalse();
        assertThat(fields.namesStarting("x-m")).containsOnly(Name.of("x-mine"));
        assertThat(wire(fields)).isEqualTo("hOsT:a \r\nX-Mine: \t1 2\t\r\nx-mine:\r\n");
    }

    @Test
    void whatIsRemovedOrSetChangesNothingElse() {
        read("GET / HTTP/1.1\r\nA: 1\r\nHost: a\r\nb:2\r\n\r\n", 50);
        WireFields fields = parser.fields();
        fields.set(Names.HOST, "c");
        assertThat(fields.all(Names.HOST)).containsExactly("c");
        fields.add(Names.TE, "trailers");
        fields.set(Names.TE, "x");
        assertThat(wire(fields)).isEqualTo("A: 1\r\nb:2\r\nhost: c\r\nte: x\r\n");
        fields.remove(Name.of("A"));
        fields.remove(Name.of("b"));
        fields.remove(Names.HOST);
        fields.remove(Names.TE);
        assertThat(fields.isEmpty()).isTrue();
        assertThat(wire(fields)).isEmpty();
    }

    private static String wire(WireFields fields) {
        ByteBuf out = Unpooled.buffer(fields.wireSize());
        fields.write(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private @Nullable Failure failure(String text) {
        parser.reset();
        read(text, 11);
        return parser.failure();
    }

    /** What was not taken. */
    private String read(String text, int step) {
        StringBuilder rest = new StringBuilder();
        for (int at = 0; at < text.length(); at += step) {
            String piece = text.substring(at, Math.min(text.length(), at + step));
            ByteBuf in = Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1);
            parser.read(in);
            rest.append(in.toString(StandardCharsets.ISO_8859_1));
        }
        return rest.toString();
    }
}
