package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.http.Failure;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

final class HeadGuardTest {
    private final AtomicInteger started = new AtomicInteger();
    private final HeadGuard guard = new HeadGuard(3, started::incrementAndGet);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \t\u00fc\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Lengthy: 1\r\n\r\n"
            })
    void ordinaryHeadsPass(String head) {
        assertThat(failure(head)).isNull();
        assertThat(guard.isAtEnd()).isTrue();
        assertThat(started).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\r\nX: \u0001\r\n\r\n",
                "GET / HTTP/1.1\r\nX: \u007f\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "GET\t/\tHTTP/1.1\r\n\r\n",
                "GET /a b HTTP/1.1\r\n\r\n",
                "GET /\r\n\r\n",
                "GET /\u0001 HTTP/1.1\r\n\r\n",
                "POST / HTTP/1.0\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\n"
            })
    void whatTheDecoderWouldHideIsRefused(String head) {
        assertThat(failure(head)).isEqualTo(Failure.MALFORMED);
    }

    @Test
    void onlySoManyFieldsAreAllowed() {
        assertThat(failure("GET / HTTP/1.1\r\na: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\n\r\n"))
                .isEqualTo(Failure.HEADER_TOO_LARGE);
    }

    @Test
    void eachHeadIsCountedForItself() {
        String head = "GET / HTTP/1.1\r\na: 1\r\nContent-Length: 0\r\nc: 1\r\n\r\n";
        assertThat(failure(head)).isNull();
        guard.reset();
        assertThat(failure(head)).isNull();
        assertThat(started).hasValue(2);
    }

    private @Nullable Failure failure(String head) {
        for (byte octet : head.getBytes(StandardCharsets.ISO_8859_1)) {
            if (!guard.process(octet)) {
                break;
            }
        }
        return guard.failure();
    }
}
