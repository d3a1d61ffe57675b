package dev.sluice.engine.proxyprotocol;

import io.netty.buffer.ByteBuf;

import java.util.Optional;

/**
 * What the first bytes of a connection say that must begin with a header. A pure function of the
 * bytes: they are read again from their first one as more come, which a header's length bounds.
 */
public sealed interface HeaderReading {

    /** It may still become a header. */
    record Partial() implements HeaderReading {}

    /** It is none: the sender is not what the configuration says it is. */
    record Malformed(String why) implements HeaderReading {}

    /**
     * A header.
     *
     * @param ends empty when it speaks for itself: a health check, or a family it does not know
     * @param length of the header, bytes
     */
    record Complete(Optional<Ends> ends, int length) implements HeaderReading {}

    /** Reads from the reader index on, without moving it. */
    static HeaderReading of(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return new Partial();
        }
        return bytes.getByte(bytes.readerIndex()) == 'P'
                ? TextHeader.read(bytes)
                : BinaryHeader.read(bytes);
    }
}
