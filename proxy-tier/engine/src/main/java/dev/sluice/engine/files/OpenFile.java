package dev.sluice.engine.files;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** A file that is being sent: closed when nobody reads it any more. Thread-safe. */
final class OpenFile extends AbstractReferenceCounted {
    private static final Path NOWHERE = Path.of("/dev/null");

    private final FileChannel channel;
    private final Executor disk;

    OpenFile(FileChannel channel, Executor disk) {
        this.channel = channel;
        this.disk = disk;
    }

    /** Blocks. A file that was cut short meanwhile is a failure. */
    void read(ByteBuf into, long at, int length) throws IOException {
        long position = at;
        while (position < at + length) {
            int count = into.writeBytes(channel, position, Math.toIntExact(at + length - position));
            if (count < 0) {
                throw new EOFException("ends at byte " + position);
            }
            position += count;
        }
    }

    /**
     * Has the kernel read a part into its memory, so that no event loop waits for the disk when it
     * is sent from there. Blocks; copies nothing.
     */
    void fetch(long at, long length) throws IOException {
        try (FileChannel nowhere = FileChannel.open(NOWHERE, StandardOpenOption.WRITE)) {
            for (long position = at; position < at + length; ) {
                long count = channel.transferTo(position, at + length - position, nowhere);
                if (count <= 0) {
                    throw new EOFException("ends at byte " + position);
                }
                position += count;
            }
        }
    }

    /** A part that the kernel sends by itself. The file stays open for as long as it takes. */
    FileRegion region(long at, long length) {
        retain();
        return new DefaultFileRegion(channel, at, length) {
            @Override
            protected void deallocate() {
                OpenFile.this.release();
            }
        };
    }

    @Override
    protected void deallocate() {
        try {
            disk.execute(this::close);
        } catch (RejectedExecutionException e) {
            // The engine is over: no event loop would have to wait.
            close();
        }
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Of a file that was only read nothing is lost.
        }
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        return this;
    }
}
