package dev.sluice.engine.codec;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Requests that are nearly right, and often wrong in one place or two. */
final class FuzzedBytes {
    private static final String[] METHODS = {"GET", "POST", "PUT", "OPTIONS", "G@T", "", "get"};
    private static final String[] TARGETS = {
        "/", "/a?b", "http://a/", "*", "a", "/a b", "/\u0001", "/\u00fc", "/#", ""
    };
    private static final String[] VERSIONS = {
        "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", "HTTP/11", ""
    };
    private static final String[] SPACES = {" ", "  ", "\t", "", " \t"};
    private static final String[] ENDS = {"\r\n", "\n", "\r", "\r\r\n", "\n\r", ""};
    private static final String[] LINES = {
        "Host: a",
        "X: y",
        "X:",
        "X : y",
        " X: y",
        "\tfolded",
        ": y",
        "X",
        "X: \u0000",
        "X: a\u000bb",
        "X: \u00fc",
        "X\u00fc: y",
        "Content-Length: 3",
        "Content-Length: 0",
        "Content-Length: 03",
        "Content-Length: +3",
        "Content-Length: 3, 3",
        "Content-Length : 3",
        "Content-Length: ",
        "Content-Length: 0x3",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: Chunked ",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding:\u000bchunked",
        "Transfer-Encoding : chunked",
        "Connection: close",
        "Connection: Transfer-Encoding",
        "Expect: 100-continue"
    };
    private static final String[] CHUNKS = {
        "3\r\nabc\r\n",
        "3;x=y\r\nabc\r\n",
        "3;x=\"\r\n\"\r\nabc\r\n",
        "3 \r\nabc\r\n",
        "0x3\r\nabc\r\n",
        "3\nabc\r\n",
        "3\r\nabc\n",
        "3\r\nabcd\r\n",
        "+3\r\nabc\r\n",
        "g\r\n",
        "10000000000000003\r\nabc\r\n",
        "03\r\nabc\r\n",
        "\r\n"
    };
    private static final String[] LAST = {
        "0\r\n\r\n",
        "0\r\nX: y\r\n\r\n",
        "0\r\nX : y\r\n\r\n",
        "0\r\n y\r\n\r\n",
        "0\n\n",
        "00\r\n\r\n",
        "0\r\n"
    };
    private static final byte[] NASTY = {0, 9, 10, 11, 13, 32, 44, 48, 58, 59, 127, (byte) 160, -1};

    private final RandomGenerator random;

    FuzzedBytes(RandomGenerator random) {
        this.random = random;
    }

    byte[] next() {
        StringBuilder text = new StringBuilder();
        int messages = 1 + random.nextInt(3);
        for (int i = 0; i < messages; i++) {
            message(text);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        if (random.nextInt(3) == 0) {
            bytes[random.nextInt(bytes.length)] = NASTY[random.nextInt(NASTY.length)];
        }
        return bytes;
    }

    private void message(StringBuilder text) {
        text.append(random.nextInt(20) == 0 ? mostly(ENDS) : "");
        text.append(mostly(METHODS)).append(mostly(SPACES)).append(mostly(TARGETS));
        text.append(mostly(SPACES)).append(mostly(VERSIONS)).append(mostly(ENDS));
        text.append("Host: a").append(mostly(ENDS));
        boolean chunked = random.nextBoolean();
        boolean framed = random.nextInt(8) > 0;
        if (framed) {
            text.append(chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 3\r\n");
        }
        int lines = random.nextInt(3);
        for (int i = 0; i < lines; i++) {
            text.append(LINES[random.nextInt(LINES.length)]).append(mostly(ENDS));
        }
        text.append(mostly(ENDS));
        body(text, framed, chunked);
    }

    private void body(StringBuilder text, boolean framed, boolean chunked) {
        if (framed && !chunked) {
            text.append("abc");
        } else if (chunked) {
            int chunks = random.nextInt(3);
            for (int i = 0; i < chunks; i++) {
                text.append(mostly(CHUNKS));
            }
            text.append(mostly(LAST));
        }
    }

    /** The first, which is right, but not always. */
    private String mostly(String[] choices) {
        return choices[random.nextInt(12) > 0 ? 0 : random.nextInt(choices.length)];
    }
}
