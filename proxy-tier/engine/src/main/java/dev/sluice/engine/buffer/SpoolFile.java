package dev.sluice.engine.buffer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A file that holds part of a request, used from its event loop without waiting: one read or write
 * at a time, of whose end the user hears.
 */
public final class SpoolFile {
    /** Hears of the end of what it asked for; called on the event loop, never after a close. */
    public interface User {
        void onWritten();

        /** Ownership of the buffer passes to the user. */
        void onRead(ByteBuf data);

        void onFileFailed(IOException why);
    }

    /** Makes the file. */
    interface Opener {
        FileChannel open() throws IOException;
    }

    /** Blocks. */
    private interface Work {
        void run() throws IOException;
    }

    private final Opener opener;
    private final Runnable onClosed;
    private final Executor disk;
    private final EventLoop loop;
    private final User user;

    /** Touched by work alone, of which there is one piece at a time. */
    private @Nullable FileChannel channel;

    /** Of the event loop, as is {@link #closing}. */
    private boolean busy;

    private boolean closing;

    SpoolFile(Opener opener, Runnable onClosed, Executor disk, EventLoop loop, User user) {
        this.opener = opener;
        this.onClosed = onClosed;
        this.disk = disk;
        this.loop = loop;
        this.user = user;
    }

    /** Takes ownership. */
    public void write(ByteBuf bytes, long at) {
        submit(() -> writeFully(bytes, at), bytes::release, user::onWritten, () -> {});
    }

    public void read(ByteBuf into, long at, int length) {
        submit(() -> readFully(into, at, length), () -> {}, () -> user.onRead(into), into::release);
    }

    /** Frees the file once the disk is done with it. */
    public void close() {
        closing = true;
        if (!busy) {
            disk.execute(this::free);
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = opener.open();
            channel = open;
        }
        return open;
    }

    private void writeFully(ByteBuf bytes, long at) throws IOException {
        FileChannel to = opened();
        long position = at;
        while (bytes.isReadable()) {
            position += bytes.readBytes(to, position, bytes.readableBytes());
        }
    }

    private void readFully(ByteBuf into, long at, int length) throws IOException {
        FileChannel from = opened();
        long position = at;
        while (position < at + length) {
            int count = into.writeBytes(from, position, Math.toIntExact(at + length - position));
            if (count < 0) {
                throw new EOFException("a buffered request ends at byte " + position);
            }
            position += count;
        }
    }

    /**
     * Has work done by the disk.
     *
     * @param after it, whatever its end
     * @param done is told if all went well
     * @param drop what is left if nobody hears of it
     */
    private void submit(Work work, Runnable after, Runnable done, Runnable drop) {
        if (busy || closing) {
            throw new IllegalStateException("one at a time");
        }
        busy = true;
        disk.execute(() -> {
            IOException failure = null;
            try {
                work.run();
            } catch (IOException e) {
                failure = e;
            } finally {
                after.run();
            }
            tell(failure, done, drop);
        });
    }

    private void tell(@Nullable IOException failure, Runnable done, Runnable drop) {
        try {
            loop.execute(() -> onEnded(failure, done, drop));
        } catch (RejectedExecutionException e) {
            // The loop is over, and with it the request.
            drop.run();
            free();
        }
    }

    private void onEnded(@Nullable IOException failure, Runnable done, Runnable drop) {
        busy = false;
        if (closing) {
            drop.run();
            disk.execute(this::free);
        } else if (failure != null) {
            drop.run();
            user.onFileFailed(failure);
        } else {
            done.run();
        }
    }

    private void free() {
        FileChannel open = channel;
        if (open == null) {
            return;
        }
        channel = null;
        try {
            open.close();
        } catch (IOException e) {
            // It has no name any more: there is nothing that could stay behind.
        } finally {
            onClosed.run();
        }
    }
}
