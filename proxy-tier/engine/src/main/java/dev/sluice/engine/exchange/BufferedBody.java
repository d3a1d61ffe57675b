package dev.sluice.engine.exchange;

import dev.sluice.cluster.l7.route.Route;
import dev.sluice.engine.buffer.BufferStore;
import dev.sluice.engine.buffer.Share;
import dev.sluice.engine.buffer.SpoolFile;
import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Objects;

/**
 * A body that waits until it is whole, so that a slow client costs its server nothing: the newest
 * bytes in memory, what was before them in a file. Beyond its bounds it goes on as it comes, if the
 * route wants that. Bytes are copied into one piece: a client that sends them one by one would
 * otherwise hold a receive buffer with each.
 */
final class BufferedBody implements RequestBody, SpoolFile.User {
    private static final int READ_BYTES = 64 << 10;
    private static final int FIRST_BYTES = 1 << 10;

    /** Hears what becomes of the body; may release it at once. */
    interface Owner {
        /** All that is waited for is there. */
        void onCollected();

        /** It cannot be kept. */
        void onUnkept(Failure why);
    }

    private final Route.Buffer limits;
    private final BufferStore store;
    private final Share share;
    private final ClientStream client;
    private final Owner owner;

    /** The newest bytes; those before them are in the file, or on their way to it. */
    private ByteBuf tail = Unpooled.EMPTY_BUFFER;

    private @Nullable SpoolFile file;
    private long fileBytes;
    private long writing;
    private long readAt;
    private boolean reading;

    /** What is being read was for an endpoint that is gone. */
    private boolean stale;

    private boolean collecting = true;
    private @Nullable Fields end;
    private @Nullable UpstreamStream to;

    /** All that was kept is sent: what still comes follows it. */
    private boolean passed;

    private boolean repeatable = true;
    private boolean released;

    BufferedBody(
            Route.Buffer limits, BufferStore store, Share share, ClientStream client, Owner owner) {
        this.limits = limits;
        this.store = store;
        this.share = share;
        this.client = client;
        this.owner = owner;
    }

    // ---- from the client

    @Override
    public void onData(ByteBuf data) {
        UpstreamStream stream = to;
        if (passed && stream != null) {
            stream.data(data);
            if (!stream.isWritable()) {
                client.pause();
            }
            return;
        }
        boolean room = share.takeMemory(data.readableBytes());
        keep(data);
        if (collecting) {
            collect(room);
        }
    }

    private void keep(ByteBuf data) {
        try {
            if (tail.capacity() == 0) {
                tail = ByteBufAllocator.DEFAULT.buffer(Math.max(FIRST_BYTES, data.readableBytes()));
            }
            tail.writeBytes(data);
        } finally {
            data.release();
        }
    }

    private void collect(boolean room) {
        if (fileBytes + writing + tail.readableBytes() > limits.bytes()) {
            store.onRefused();
            full(Failure.BODY_TOO_LARGE);
        } else if (!room) {
            store.onCrowdedOut();
            full(Failure.OVERLOADED);
        } else if (tail.readableBytes() > limits.memoryBytes()) {
            spill();
        }
    }

    private void full(Failure why) {
        switch (limits.beyond()) {
            case REFUSE -> owner.onUnkept(why);
            case STREAM -> {
                collecting = false;
                client.pause();
                owner.onCollected();
            }
        }
    }

    /** The client waits while both the disk and the memory have enough to do. */
    private void spill() {
        if (writing > 0) {
            client.pause();
            return;
        }
        int bytes = tail.readableBytes();
        if (!share.takeFile(bytes)) {
            store.onCrowdedOut();
            full(Failure.OVERLOADED);
            return;
        }
        ByteBuf full = tail;
        tail = Unpooled.EMPTY_BUFFER;
        writing = bytes;
        if (file == null) {
            file = store.file(client.loop(), this);
        }
        file.write(full, fileBytes);
    }

    @Override
    public void onWritten() {
        share.giveMemory(writing);
        fileBytes += writing;
        writing = 0;
        if (collecting && tail.readableBytes() > limits.memoryBytes()) {
            spill();
        }
        if (!collecting) {
            pump();
        } else if (writing == 0) {
            client.resume();
        }
    }

    @Override
    public void onEnd(Fields trailers) {
        end = trailers;
        if (collecting) {
            collecting = false;
            owner.onCollected();
        } else if (passed && to != null) {
            to.end(trailers);
        } else {
            pump();
        }
    }

    // ---- to the endpoint

    @Override
    public void sendTo(UpstreamStream stream) {
        to = stream;
        stale = reading;
        readAt = 0;
        passed = false;
        if (end != null) {
            // To hear it if the client goes away.
            client.resume();
        }
        pump();
    }

    @Override
    public void detach() {
        to = null;
    }

    @Override
    public void onUpstreamWritable() {
        if (passed) {
            client.resume();
        } else {
            pump();
        }
    }

    /** Sends what is kept, as fast as the endpoint takes it. */
    private void pump() {
        UpstreamStream stream = to;
        boolean busy = reading || writing > 0;
        if (stream == null || passed || released || busy) {
            return;
        }
        if (readAt < fileBytes) {
            read(stream);
        } else {
            pass(stream);
        }
    }

    private void read(UpstreamStream stream) {
        SpoolFile from = file;
        if (from != null && stream.isWritable()) {
            reading = true;
            int length = (int) Math.min(READ_BYTES, fileBytes - readAt);
            from.read(ByteBufAllocator.DEFAULT.directBuffer(length), readAt, length);
        }
    }

    @Override
    public void onRead(ByteBuf data) {
        reading = false;
        UpstreamStream stream = to;
        if (stale || stream == null) {
            stale = false;
            data.release();
        } else {
            readAt += data.readableBytes();
            stream.data(data);
            stream.flush();
        }
        pump();
    }

    private void pass(UpstreamStream stream) {
        passed = true;
        if (tail.isReadable()) {
            stream.data(tail.retainedSlice());
        }
        if (end != null) {
            stream.end(end);
        } else {
            repeatable = false;
            stream.flush();
            client.resume();
        }
        if (!repeatable) {
            release();
        }
    }

    @Override
    public void onFileFailed(IOException why) {
        store.onFailed(why);
        owner.onUnkept(Failure.BUFFER_FAILED);
    }

    // ---- the end

    @Override
    public boolean isRepeatable() {
        return repeatable;
    }

    @Override
    public boolean isWhole() {
        return end != null && file == null && repeatable && !released;
    }

    @Override
    public void copyTo(UpstreamStream stream) {
        if (tail.isReadable()) {
            stream.data(tail.retainedSlice());
        }
        stream.end(Objects.requireNonNull(end));
    }

    @Override
    public void onAnswered() {
        repeatable = false;
        if (passed) {
            release();
        }
    }

    @Override
    public void release() {
        if (released) {
            return;
        }
        released = true;
        share.giveAll();
        tail.release();
        tail = Unpooled.EMPTY_BUFFER;
        if (file != null) {
            file.close();
        }
    }
}
