package dev.sluice.engine.codec;

import dev.sluice.engine.capture.Excerpt;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a body (RFC 9112 §6.3, §7.1) and cuts its data out of what is read, without a
 * copy. Chunks are read strictly: what they are when they go on, the writer decides. Confined to
 * its connection's event loop.
 */
final class BodyReader {

    /** What the end of a body is known by. */
    enum Framing {
        /** There is none, whatever the head says. */
        NONE,
        LENGTH,
        CHUNKS,
        UNTIL_CLOSE
    }

    private static final Fields NO_TRAILERS = new ListFields();

    /** Fifteen hexadecimal digits are more than any body has, and cannot overflow. */
    private static final int MAX_SIZE_DIGITS = 15;

    /** Of all chunks of a body together: they are thrown away, and cost nothing to send. */
    private static final int MAX_EXTENSION_BYTES = 16 << 10;

    private enum Place {
        DATA,
        SIZE,
        AFTER_SIZE,
        EXTENSION,
        SIZE_LF,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        END
    }

    private final int maxTrailerBytes;
    private final int maxTrailerFields;
    private Place place = Place.END;
    private Framing framing = Framing.NONE;
    private long left;
    private int digits;
    private int extensionBytes;
    private @Nullable TrailerParser trailers;
    private @Nullable Failure failure;

    BodyReader(int maxTrailerBytes, int maxTrailerFields) {
        this.maxTrailerBytes = maxTrailerBytes;
        this.maxTrailerFields = maxTrailerFields;
    }

    /**
     * For the next body.
     *
     * @param length in bytes; looked at if that is what frames it
     */
    void begin(Framing by, long length) {
        framing = by;
        left =
                switch (by) {
                    case NONE, CHUNKS -> 0;
                    case LENGTH -> length;
                    case UNTIL_CLOSE -> Long.MAX_VALUE;
                };
        digits = 0;
        extensionBytes = 0;
        trailers = null;
        failure = null;
        place = by == Framing.CHUNKS ? Place.SIZE : left == 0 ? Place.END : Place.DATA;
    }

    boolean isAtEnd() {
        return place == Place.END;
    }

    /** Whether the end of the connection is the end of the body, and of nothing but it. */
    boolean endsWithConnection() {
        return framing == Framing.UNTIL_CLOSE && place == Place.DATA;
    }

    @Nullable Failure failure() {
        return failure;
    }

    /**
     * What is wrong, after a failure.
     *
     * @param in what was read last
     * @param from where the reading of it began
     */
    Excerpt excerpt(ByteBuf in, int from) {
        TrailerParser read = trailers;
        return read != null && read.failure() != null
                ? read.excerpt(read.failure())
                : Excerpt.of(in, from, in.readerIndex() - 1);
    }

    /** What came behind the body; valid until the next {@link #begin}. */
    Fields trailers() {
        TrailerParser read = trailers;
        return read == null ? NO_TRAILERS : read.fields();
    }

    /**
     * The next piece of the body, which the caller owns; null if there is none in the buffer, which
     * is then read to its end, or to the end of the body, or to a failure.
     */
    @Nullable ByteBuf next(ByteBuf in) {
        while (in.isReadable() && failure == null && place != Place.END) {
            if (place == Place.DATA) {
                return data(in);
            }
            if (place == Place.TRAILERS) {
                readTrailers(in);
            } else {
                step(in.readByte());
            }
        }
        return null;
    }

    private ByteBuf data(ByteBuf in) {
        int count = (int) Math.min(left, in.readableBytes());
        left -= framing == Framing.UNTIL_CLOSE ? 0 : count;
        if (left == 0) {
            place = framing == Framing.CHUNKS ? Place.DATA_CR : Place.END;
        }
        return in.readRetainedSlice(count);
    }

    private void step(byte octet) {
        switch (place) {
            case SIZE -> size(octet);
            case AFTER_SIZE -> afterSize(octet);
            case EXTENSION -> extension(octet);
            case SIZE_LF -> expect(octet, '\n', left > 0 ? Place.DATA : Place.TRAILERS);
            case DATA_CR -> expect(octet, '\r', Place.DATA_LF);
            case DATA_LF -> {
                expect(octet, '\n', Place.SIZE);
                digits = 0;
            }
            case DATA, TRAILERS, END -> throw new IllegalStateException(place.name());
        }
    }

    private void expect(byte octet, char expected, Place then) {
        if (octet == expected) {
            place = then;
        } else {
            failure = Failure.MALFORMED;
        }
    }

    private void size(byte octet) {
        int digit = Octets.hexDigit(octet);
        if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            left = digits++ == 0 ? digit : left << 4 | digit;
        } else if (digit >= 0 || digits == 0) {
            failure = Failure.MALFORMED;
        } else {
            afterSize(octet);
        }
    }

    /** RFC 9112 §7.1.1: bad whitespace stands ahead of an extension, and nowhere else. */
    private void afterSize(byte octet) {
        if (octet == '\r' && place == Place.SIZE) {
            place = Place.SIZE_LF;
        } else if (octet == ';') {
            place = Place.EXTENSION;
        } else if (Octets.isSpace(octet)) {
            place = Place.AFTER_SIZE;
            countExtension();
        } else {
            failure = Failure.MALFORMED;
        }
    }

    /** Also what is quoted may hold no line end. */
    private void extension(byte octet) {
        if (octet == '\r') {
            place = Place.SIZE_LF;
        } else if (Octets.isInLine(octet)) {
            countExtension();
        } else {
            failure = Failure.MALFORMED;
        }
    }

    private void countExtension() {
        if (++extensionBytes > MAX_EXTENSION_BYTES) {
            failure = Failure.MALFORMED;
        }
    }

    private void readTrailers(ByteBuf in) {
        TrailerParser parser = trailers;
        if (parser == null) {
            parser = new TrailerParser(maxTrailerBytes, maxTrailerFields);
            parser.reset();
            trailers = parser;
        }
        if (parser.read(in)) {
            failure = parser.failure();
            place = failure == null ? Place.END : place;
        }
    }
}
