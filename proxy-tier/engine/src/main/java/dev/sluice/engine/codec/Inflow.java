package dev.sluice.engine.codec;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a client may still send: nothing while the exchange is paused, or while a pipelined request
 * waits, which would queue without bound. Confined to the connection's event loop.
 */
final class Inflow {
    private final Channel channel;
    private final Queue<Object> pipelined = new ArrayDeque<>();
    private boolean paused;

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

    /** Keeps a part of a request whose turn has not come. */
    void keep(Object message) {
        pipelined.add(message);
        update();
    }

    boolean isEmpty() {
        return pipelined.isEmpty();
    }

    Object take() {
        Object message = pipelined.remove();
        update();
        return message;
    }

    void release() {
        pipelined.forEach(ReferenceCountUtil::release);
        pipelined.clear();
    }

    private void update() {
        channel.config().setAutoRead(!paused && pipelined.isEmpty());
    }
}
