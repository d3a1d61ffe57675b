package dev.sluice.engine.compress;

import dev.sluice.cluster.l7.route.Compression.Effort;

import io.netty.buffer.ByteBuf;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** RFC 1952, by the JDK's zlib: some 270 KiB each. */
final class GzipCompressor implements Compressor {
    /** Deflate, no name, no time, of nobody's system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};

    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private boolean begun;

    GzipCompressor(Effort effort) {
        deflater = new Deflater(level(effort), true);
    }

    private static int level(Effort effort) {
        return switch (effort) {
            case LOW -> 1;
            case MEDIUM -> 5;
            case HIGH -> 9;
        };
    }

    @Override
    public void write(ByteBuffer in, ByteBuf out) {
        begin(out);
        checksum.update(in.duplicate());
        deflater.setInput(in);
        while (!deflater.needsInput()) {
            deflate(out, Deflater.NO_FLUSH);
        }
    }

    private void begin(ByteBuf out) {
        if (!begun) {
            begun = true;
            out.writeBytes(HEADER);
        }
    }

    /** Whether all room was used: there may be more. */
    private boolean deflate(ByteBuf out, int flush) {
        ByteBuffer room = Compressor.room(out);
        int count = deflater.deflate(room, flush);
        out.writerIndex(out.writerIndex() + count);
        return !room.hasRemaining();
    }

    @Override
    public void flush(ByteBuf out) {
        begin(out);
        boolean more = true;
        while (more) {
            more = deflate(out, Deflater.SYNC_FLUSH);
        }
    }

    @Override
    public void finish(ByteBuf out) {
        begin(out);
        deflater.finish();
        while (!deflater.finished()) {
            deflate(out, Deflater.NO_FLUSH);
        }
        out.writeIntLE((int) checksum.getValue());
        out.writeIntLE((int) deflater.getBytesRead());
    }

    @Override
    public void reset() {
        deflater.reset();
        checksum.reset();
        begun = false;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
