package dev.sluice.engine.codec;

import dev.sluice.engine.http.Fields;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Puts a body into chunks (RFC 9112 §7.1): the data goes out as it is, between small buffers. A
 * chunk's end goes with it, since some readers hand out a chunk only once they have seen it.
 */
final class ChunkWriter {
    private static final int SIZE_BYTES = 16;
    private static final int LINE_END = '\r' << 8 | '\n';
    private static final ByteBuf BEHIND = constant("\r\n");
    private static final ByteBuf END = constant("0\r\n\r\n");

    private ChunkWriter() {}

    private static ByteBuf constant(String text) {
        ByteBuf direct = Unpooled.directBuffer(text.length());
        ByteBufUtil.writeAscii(direct, text);
        return Unpooled.unreleasableBuffer(direct.asReadOnly());
    }

    /** What goes ahead of so many bytes of data; not 0, which would be the end. */
    static ByteBuf ahead(ByteBufAllocator buffers, int size) {
        ByteBuf out = buffers.buffer(SIZE_BYTES);
        ByteBufUtil.writeAscii(out, Integer.toHexString(size));
        out.writeShort(LINE_END);
        return out;
    }

    static ByteBuf behind() {
        return BEHIND.duplicate();
    }

    static ByteBuf end(ByteBufAllocator buffers, Fields trailers) {
        return trailers.isEmpty() ? END.duplicate() : HeadWriter.trailers(buffers, trailers);
    }
}
