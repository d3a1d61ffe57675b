package dev.sluice.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.http.Failure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

final class BodyReaderTest {
    private final BodyReader reader = new BodyReader(1 << 10, 4);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\r\n\r\n",
                "5\r\nhello\r\n0\r\n\r\n",
                "0005\r\nhello\r\n0\r\n\r\n",
                "3;a=b\r\nhel\r\n2 ; c=\"d\"\r\nlo\r\n00\r\nX: 1\r\n\r\n"
            })
    void chunksAreReadHoweverTheyAreSplit(String chunks) {
        String body = chunks.startsWith("0\r") ? "" : "hello";
        for (int step = 1; step <= chunks.length(); step++) {
            reader.begin(BodyReader.Framing.CHUNKS, -1);
            assertThat(read(chunks + "next", step)).isEqualTo(body + "|next");
            assertThat(reader.isAtEnd()).isTrue();
            assertThat(reader.trailers().isEmpty()).isEqualTo(!chunks.contains("X: 1"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x1\r\na\r\n",
                "g\r\n",
                "-1\r\n",
                "+1\r\n",
                " 1\r\na\r\n",
                "\r\n",
                ";\r\n",
                "1\na\r\n",
                "1\r\nab\r\n",
                "1\r\na\nb",
                "1\r\na\r0",
                "1 1\r\na\r\n",
                "1 \r\na\r\n",
                "1;a\nb\r\n",
                "1;\"\n\"\r\n",
                "1;\u0000\r\n",
                "1\rb",
                "10000000000000001\r\n",
                "0000000000000000\r\n",
                "ffffffffffffffff\r\n",
                "0\r\nX : 1\r\n\r\n",
                "0\r\n a: 1\r\n\r\n",
                "0\r\na: 1\n\r\n",
                "0\r\n\n"
            })
    void brokenChunksAreRefusedHoweverTheyAreSplit(String chunks) {
        for (int step = 1; step <= chunks.length(); step++) {
            reader.begin(BodyReader.Framing.CHUNKS, -1);
            read(chunks, step);
            assertThat(reader.failure()).as("in steps of " + step).isEqualTo(Failure.MALFORMED);
        }
    }

    @Test
    void extensionsAreBoundedOverTheWholeBody() {
        reader.begin(BodyReader.Framing.CHUNKS, -1);
        read(("1;" + "a".repeat(1000) + "\r\nb\r\n").repeat(16), 7);
        assertThat(reader.failure()).isNull();
        read("1;" + "a".repeat(1000), 7);
        assertThat(reader.failure()).isEqualTo(Failure.MALFORMED);
    }

    @Test
    void trailersAreBounded() {
        reader.begin(BodyReader.Framing.CHUNKS, -1);
        read("0\r\n" + "a: 1\r\n".repeat(5), 9);
        assertThat(reader.failure()).isEqualTo(Failure.HEADER_TOO_LARGE);
        reader.begin(BodyReader.Framing.CHUNKS, -1);
        read("0\r\na: " + "1".repeat(1 << 10), 9);
        assertThat(reader.failure()).isEqualTo(Failure.HEADER_TOO_LARGE);
    }

    @Test
    void aLengthEndsWhereItSays() {
        reader.begin(BodyReader.Framing.LENGTH, 5);
        assertThat(read("hellonext", 2)).isEqualTo("hello|next");
        reader.begin(BodyReader.Framing.LENGTH, 0);
        assertThat(reader.isAtEnd()).isTrue();
        reader.begin(BodyReader.Framing.UNTIL_CLOSE, -1);
        assertThat(read("hello", 2)).isEqualTo("hello");
        assertThat(reader.endsWithConnection()).isTrue();
    }

    /** The body, and behind a stroke what was not read any more. */
    private String read(String text, int step) {
        StringBuilder seen = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        for (int at = 0; at < text.length(); at += step) {
            String piece = text.substring(at, Math.min(text.length(), at + step));
            ByteBuf in = Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1);
            for (ByteBuf data = reader.next(in); data != null; data = reader.next(in)) {
                seen.append(data.toString(StandardCharsets.ISO_8859_1));
                data.release();
            }
            rest.append(in.toString(StandardCharsets.ISO_8859_1));
            in.release();
            assertThat(in.refCnt()).isZero();
        }
        return rest.isEmpty() ? seen.toString() : seen + "|" + rest;
    }
}
