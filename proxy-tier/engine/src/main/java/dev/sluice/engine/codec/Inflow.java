package dev.sluice.engine.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a client may still send: nothing while the exchange is paused, or while a pipelined request
 * waits, which would queue without bound. Confined to the connection's event loop.
 */
final class Inflow {
    private final Channel channel;
    private final Deque<ByteBuf> pipelined = new ArrayDeque<>(2);
    private boolean paused;
    private boolean reading = true;

    Inflow(Channel channel) {
        this.channel = channel;
    }

    boolean isPaused() {
        return paused;
    }

    void pause() {
        paused = true;
        update();
    }

    void resume() {
        paused = false;
        update();
    }

    /** Keeps what belongs to a request whose turn has not come. Takes ownership. */
    void keep(ByteBuf bytes) {
        pipelined.addLast(bytes);
        update();
    }

    /** Keeps what is left of what was taken. */
    void keepFirst(ByteBuf bytes) {
        pipelined.addFirst(bytes);
        update();
    }

    boolean isEmpty() {
        return pipelined.isEmpty();
    }

    /** Gives ownership away. */
    ByteBuf take() {
        ByteBuf bytes = pipelined.removeFirst();
        update();
        return bytes;
    }

    void release() {
        pipelined.forEach(ByteBuf::release);
        pipelined.clear();
    }

    private void update() {
        boolean read = !paused && pipelined.isEmpty();
        if (read != reading) {
            reading = read;
            channel.config().setAutoRead(read);
        }
    }
}
