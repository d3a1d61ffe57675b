package dev.sluice.engine.exchange;

import dev.sluice.engine.http.ClientStream;
import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;

/** A body that goes through as it comes, as fast as the slower end takes it. */
final class StreamedBody implements RequestBody {
    private final ClientStream client;

    /** What came before there was a connection to send it on. */
    private final Queue<ByteBuf> early = new ArrayDeque<>(0);

    private @Nullable UpstreamStream to;
    private @Nullable Fields end;
    private boolean sent;

    StreamedBody(ClientStream client) {
        this.client = client;
    }

    @Override
    public void onData(ByteBuf data) {
        UpstreamStream stream = to;
        if (stream == null) {
            early.add(data);
            return;
        }
        sent = true;
        stream.data(data);
        if (!stream.isWritable()) {
            client.pause();
        }
    }

    @Override
    public void onEnd(Fields trailers) {
        end = trailers;
        if (to != null) {
            to.end(trailers);
        }
    }

    @Override
    public void sendTo(UpstreamStream stream) {
        to = stream;
        for (ByteBuf next = early.poll(); next != null; next = early.poll()) {
            sent = true;
            stream.data(next);
        }
        if (end != null) {
            stream.end(end);
        }
        client.resume();
    }

    @Override
    public void detach() {
        to = null;
    }

    @Override
    public void onUpstreamWritable() {
        client.resume();
    }

    @Override
    public boolean isRepeatable() {
        return !sent;
    }

    /** Only if there is none: what is sent is gone. */
    @Override
    public boolean isWhole() {
        return end != null && !sent && early.isEmpty();
    }

    @Override
    public void copyTo(UpstreamStream stream) {
        stream.end(Objects.requireNonNull(end));
    }

    @Override
    public void onAnswered() {}

    @Override
    public void release() {
        early.forEach(ByteBuf::release);
        early.clear();
    }
}
