package dev.sluice.engine.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;

import io.netty.handler.codec.http2.DefaultHttp2Headers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

final class ExcerptTest {
    private static String text(Excerpt excerpt) {
        return new String(excerpt.octets(), StandardCharsets.ISO_8859_1);
    }

    private static Excerpt of(String message, int fault) {
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        return Excerpt.of(octets, octets.length, fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Basic hush",
                "authorization:hush",
                "PROXY-AUTHORIZATION: hush",
                "Cookie: a=hush; b=hush",
                "set-cookie: id=hush; Path=/",
                "Authorization : hush",
                "Authorization hush",
                " Cookie: hush",
                "\u0000Cookie: hush",
                "\u00a0Authorization: hush",
                "\u007fCookie: hush",
                "Cookie:\thush\r\n hush",
                "Cookie: x\nhush",
                "Cookie: x\rhush",
                "Cookie: x\u0000hush",
                "X: y\nCookie: hush",
            })
    void whatIsSecretIsNotTold(String line) {
        Excerpt excerpt = of("GET / HTTP/1.1\r\n" + line + "\r\nHost: seen\r\n\r\n", 3);
        assertThat(text(excerpt)).doesNotContain("hush").contains("*", "\r\nHost: seen\r\n");
        assertThat(excerpt.octets()).hasSize(excerpt.size());
    }

    @Test
    void noSecretIsCutOffFromItsName() {
        String message = "GET / HTTP/1.1\r\nCookie: " + "hush".repeat(500);
        assertThat(text(of(message, message.length()))).matches("\\*{384}");
    }

    @Test
    void theOctetThatIsWrongIsToldInAnyCase() {
        String message = "Cookie: ab\u0000cd\r\n\r\n";
        assertThat(text(of(message, message.indexOf(0)))).isEqualTo("Cookie: **\u0000**\r\n\r\n");
    }

    @Test
    void aNameThatBreaksOffMayHaveBeenThatOfASecret() {
        String message = "GET / HTTP/1.1\r\nAutho\u0000rization: hush\r\nHost: seen\r\n\r\n";
        assertThat(text(of(message, message.indexOf(0))))
                .doesNotContain("hush")
                .endsWith("\r\nHost: seen\r\n\r\n");
    }

    @Test
    void ofALongMessageItIsWhatSurroundsTheFault() {
        String message = "a".repeat(1_000) + "!" + "b".repeat(1_000);
        Excerpt excerpt = of(message, 1_000);
        assertThat(excerpt.octets()).hasSize(Excerpt.MOST);
        assertThat(excerpt.begin() + excerpt.fault()).isEqualTo(1_000);
        assertThat(excerpt.octets()[excerpt.fault()]).isEqualTo((byte) '!');
        assertThat(excerpt.size()).isEqualTo(2_001);
    }

    @Test
    void fieldsWithoutLinesGetThem() {
        Excerpt excerpt =
                Excerpt.of(
                        new DefaultHttp2Headers(false).add("cookie", "hush").add("Bad", "x"),
                        "Bad");
        assertThat(text(excerpt)).isEqualTo("cookie: ****\r\nBad: x\r\n");
        assertThat(text(excerpt).substring(excerpt.fault())).startsWith("Bad");
    }

    @Test
    void theLastOnesAreKeptAndAllAreCounted() {
        Captures captures = new Captures(InstantSource.fixed(Instant.ofEpochMilli(5)));
        HostPort client = HostPort.parse("198.18.1.1:1");
        for (int i = 0; i < 100; i++) {
            captures.add(Capture.request("HTTP/1.1", client, Failure.MALFORMED, of("m" + i, 0)));
        }
        assertThat(captures.count(Capture.Side.REQUEST)).isEqualTo(100);
        assertThat(captures.count(Capture.Side.RESPONSE)).isZero();
        assertThat(captures.last()).hasSize(Captures.MOST);
        assertThat(text(captures.last().getFirst().capture().excerpt())).isEqualTo("m36");
        assertThat(captures.last().getLast().unixMs()).isEqualTo(5);
    }
}
