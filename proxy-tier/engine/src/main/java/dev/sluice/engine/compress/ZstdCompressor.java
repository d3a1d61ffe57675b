package dev.sluice.engine.compress;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;

import dev.sluice.cluster.l7.route.Compression.Effort;

import io.netty.buffer.ByteBuf;

import java.nio.ByteBuffer;

/** RFC 8878, by libzstd. */
final class ZstdCompressor implements Compressor {
    /**
     * 128 KiB: far below what every client must take (RFC 9659), and it bounds the tables, so that
     * it is half a megabyte to three for each response, by the effort.
     */
    private static final int WINDOW_LOG = 17;

    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final int level;

    ZstdCompressor(Effort effort) {
        level =
                switch (effort) {
                    case LOW -> 1;
                    case MEDIUM -> 3;
                    case HIGH -> 9;
                };
        reset();
    }

    @Override
    public void write(ByteBuffer in, ByteBuf out) {
        ByteBuffer source = in;
        if (!in.isDirect()) {
            source = ByteBuffer.allocateDirect(in.remaining()).put(in).flip();
        }
        while (source.hasRemaining()) {
            compress(source, out, EndDirective.CONTINUE);
        }
    }

    /** Whether all is out. */
    private boolean compress(ByteBuffer in, ByteBuf out, EndDirective how) {
        ByteBuffer room = Compressor.room(out);
        int before = room.position();
        boolean done = context.compressDirectByteBufferStream(room, in, how);
        out.writerIndex(out.writerIndex() + room.position() - before);
        return done;
    }

    @Override
    public void flush(ByteBuf out) {
        drain(out, EndDirective.FLUSH);
    }

    @Override
    public void finish(ByteBuf out) {
        drain(out, EndDirective.END);
    }

    private void drain(ByteBuf out, EndDirective how) {
        boolean done = false;
        while (!done) {
            done = compress(NOTHING.duplicate(), out, how);
        }
    }

    /** It forgets its parameters as well. */
    @Override
    public void reset() {
        context.reset();
        context.setLevel(level).setWindowLog(WINDOW_LOG);
    }

    @Override
    public void close() {
        context.close();
    }
}
