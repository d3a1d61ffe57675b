package dev.sluice.engine.codec;

import dev.sluice.engine.capture.Excerpt;

import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

import org.jspecify.annotations.Nullable;

/**
 * The head of HTTP/2 that was found to be malformed last, until somebody hears of it. What came in
 * frames is told as lines: frames themselves hide what is secret where nobody can mask it. Confined
 * to an event loop.
 */
final class Odd {
    private static final int MOST_CHARS = 256;

    private @Nullable Http2Headers headers;

    void set(Http2Headers found) {
        headers = found;
    }

    /** Nothing is there of what was found to be wrong before it became a head. */
    Excerpt take() {
        Http2Headers found = headers;
        headers = null;
        return found == null ? Excerpt.NONE : Excerpt.of(found, Http2Fields.firstOdd(found));
    }

    /** It may quote the sender, who chose the bytes: nothing that a terminal heeds goes on. */
    static String detail(Http2Exception error) {
        String text = error.getMessage();
        if (text == null) {
            return error.error().name();
        }
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > MOST_CHARS ? clean.substring(0, MOST_CHARS) + "..." : clean;
    }
}
