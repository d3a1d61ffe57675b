package dev.sluice.engine.files;

import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.ListFields;
import dev.sluice.engine.http.RequestHead;
import dev.sluice.engine.http.ResponseHead;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A file on its way to a client, as fast as that takes it. Only the disk's threads wait for the
 * disk. Confined to the client's event loop.
 */
public final class FileResponse {
    private static final Fields NONE = new ListFields();

    /** That are read at a time, where the proxy has to look at them or to encrypt them. */
    private static final int PIECE_BYTES = 64 << 10;

    /** That the kernel sends at a time. */
    private static final int REGION_BYTES = 1 << 20;

    /** Hears of the answer. */
    public interface Owner {
        /** The head may still be changed; it is sent next. */
        void onHead(ResponseHead head);

        void onSent(long bytes);

        /** All is sent. */
        void onDone();

        /** There is no answer, or it breaks off. */
        void onFailed(Failure why);
    }

    private final Directory directory;
    private final Asked asked;
    private final ClientStream client;
    private final Executor disk;
    private final Owner owner;
    private List<Answer.Extent> extents = List.of();
    private byte[] end = Answer.NOTHING;
    private @Nullable OpenFile file;

    /** The extent that is being sent, and how much of it is. */
    private int at;

    private long done;

    /** The disk, or the kernel, has something to do. */
    private boolean busy;

    private boolean closed;

    /** Begins nothing yet. */
    public FileResponse(
            Directory directory,
            RequestHead head,
            ClientStream client,
            Executor disk,
            Owner owner) {
        this.directory = directory;
        asked = Asked.of(head);
        this.client = client;
        this.disk = disk;
        this.owner = owner;
    }

    /** Call once. */
    public void start() {
        disk.execute(() -> {
            Answer answer = answer();
            if (!tell(() -> onAnswer(answer))) {
                drop(answer);
            }
        });
    }

    private Answer answer() {
        try {
            return directory.answer(asked, disk);
        } catch (IOException | RuntimeException e) {
            return new Answer.Refused(Failure.FILE_FAILED);
        }
    }

    /** False if the loop is over, and with it the request. */
    private boolean tell(Runnable news) {
        try {
            client.loop().execute(news);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private static void drop(Answer answer) {
        if (answer instanceof Answer.Made made && made.file() != null) {
            made.file().release();
        }
    }

    private void onAnswer(Answer answer) {
        if (closed) {
            drop(answer);
            return;
        }
        switch (answer) {
            case Answer.Refused(Failure why) -> owner.onFailed(why);
            case Answer.Made made -> {
                file = made.file();
                extents = asked.head() ? List.of() : made.extents();
                end = asked.head() ? Answer.NOTHING : made.end();
                owner.onHead(made.head());
                client.respond(made.head());
                pump();
            }
        }
    }

    /** The client takes more. */
    public void onWritable() {
        pump();
    }

    private void pump() {
        if (closed || busy) {
            return;
        }
        OpenFile from = file;
        if (at == extents.size() || from == null) {
            send(end);
            client.end(NONE);
            owner.onDone();
        } else if (client.isWritable()) {
            next(from, extents.get(at));
        }
    }

    private void next(OpenFile from, Answer.Extent extent) {
        if (done == 0) {
            send(extent.before());
        }
        long left = extent.length() - done;
        long position = extent.from() + done;
        busy = true;
        ClientStream.Regions regions = client.regions();
        if (left > PIECE_BYTES && regions != null) {
            fetch(regions, from, position, Math.min(left, REGION_BYTES));
        } else {
            read(from, position, (int) Math.min(left, PIECE_BYTES));
        }
    }

    private void send(byte[] bytes) {
        if (bytes.length > 0) {
            owner.onSent(bytes.length);
            client.data(Unpooled.wrappedBuffer(bytes));
        }
    }

    private void read(OpenFile from, long position, int length) {
        ByteBuf into = ByteBufAllocator.DEFAULT.directBuffer(Math.max(1, length));
        onDisk(
                from,
                () -> from.read(into, position, length),
                () -> {
                    if (closed) {
                        into.release();
                        return;
                    }
                    client.data(into);
                    client.flush();
                    moved(length);
                },
                into::release);
    }

    private void fetch(ClientStream.Regions to, OpenFile from, long position, long length) {
        onDisk(
                from,
                () -> from.fetch(position, length),
                () -> {
                    if (!closed) {
                        to.send(from.region(position, length), () -> moved(length));
                    }
                },
                () -> {});
    }

    private void moved(long bytes) {
        busy = false;
        if (closed) {
            return;
        }
        owner.onSent(bytes);
        done += bytes;
        if (done == extents.get(at).length()) {
            at++;
            done = 0;
        }
        pump();
    }

    /** Blocks. */
    private interface Work {
        void run() throws IOException;
    }

    /**
     * Has work done by the disk.
     *
     * @param then runs on the event loop if all went well
     * @param drop runs otherwise
     */
    private void onDisk(OpenFile from, Work work, Runnable then, Runnable drop) {
        from.retain();
        disk.execute(() -> {
            boolean well = true;
            try {
                work.run();
            } catch (IOException | RuntimeException e) {
                well = false;
            } finally {
                from.release();
            }
            if (!well || !tell(then)) {
                drop.run();
                tell(this::onBroken);
            }
        });
    }

    /** The file was cut short, or cannot be read to its end. */
    private void onBroken() {
        busy = false;
        if (!closed) {
            owner.onFailed(Failure.FILE_FAILED);
        }
    }

    /** The request is over, one way or the other. */
    public void close() {
        closed = true;
        OpenFile open = file;
        file = null;
        if (open != null) {
            open.release();
        }
    }
}
