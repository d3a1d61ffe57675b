package dev.sluice.engine.codec;

import dev.sluice.engine.http.Failure;

import org.jspecify.annotations.Nullable;

/** Reads the fields behind a body in chunks (RFC 9112 §7.1.2). */
final class TrailerParser extends HeadParser {

    TrailerParser(int maxBytes, int maxFields) {
        super(Kind.TRAILERS, new Limits(0, maxBytes, maxFields));
    }

    @Override
    @Nullable Failure firstLine(byte[] octets, int from, int to) {
        throw new IllegalStateException("trailers have no first line");
    }
}
