package dev.sluice.engine.exchange;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Queue;

/** What of a request came before there was a connection to send it on; owns its buffers. */
final class EarlyRequest {
    private final Queue<ByteBuf> data = new ArrayDeque<>(0);
    private @Nullable Fields end;

    void add(ByteBuf more) {
        data.add(more);
    }

    void end(Fields trailers) {
        end = trailers;
    }

    boolean hasData() {
        return !data.isEmpty();
    }

    void sendTo(UpstreamStream stream) {
        for (ByteBuf next = data.poll(); next != null; next = data.poll()) {
            stream.data(next);
        }
        if (end != null) {
            stream.end(end);
        }
    }

    void release() {
        data.forEach(ByteBuf::release);
        data.clear();
    }
}
