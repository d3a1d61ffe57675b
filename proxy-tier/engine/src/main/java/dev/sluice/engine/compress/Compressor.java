package dev.sluice.engine.compress;

import io.netty.buffer.ByteBuf;

import java.nio.ByteBuffer;

/**
 * Turns the bytes of a response into those of a coding, one response after the other. Has memory
 * outside of the heap until it is closed. Confined to an event loop.
 */
interface Compressor extends AutoCloseable {
    /** What is made room for at a time. */
    int ROOM_BYTES = 8 << 10;

    /** Takes all of the bytes, whose owner the caller stays; what is ready is appended. */
    default void write(ByteBuf in, ByteBuf out) {
        for (ByteBuffer part : in.nioBuffers()) {
            write(part, out);
        }
    }

    /** As above, of one piece. */
    void write(ByteBuffer in, ByteBuf out);

    /** Appends what a client needs to read all that was written. */
    void flush(ByteBuf out);

    /** Appends the end. */
    void finish(ByteBuf out);

    /** Forgets the response, which may be anywhere, and begins the next. */
    void reset();

    @Override
    void close();

    /** Room at the end of a buffer; the writer's index is the caller's to move. */
    static ByteBuffer room(ByteBuf out) {
        out.ensureWritable(ROOM_BYTES);
        return out.nioBuffer(out.writerIndex(), out.writableBytes());
    }
}
