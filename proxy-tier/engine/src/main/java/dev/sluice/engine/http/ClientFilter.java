package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * A client's stream with something in front of it that looks at the response on its way: of itself
 * it changes nothing. Confined to the stream's event loop.
 */
public abstract class ClientFilter implements ClientStream {
    protected final ClientStream next;

    protected ClientFilter(ClientStream next) {
        this.next = next;
    }

    @Override
    public EventLoop loop() {
        return next.loop();
    }

    @Override
    public void inform(ResponseHead head) {
        next.inform(head);
    }

    @Override
    public void respond(ResponseHead head) {
        next.respond(head);
    }

    @Override
    public void data(ByteBuf data) {
        next.data(data);
    }

    @Override
    public @Nullable Regions regions() {
        return next.regions();
    }

    @Override
    public void end(Fields trailers) {
        next.end(trailers);
    }

    @Override
    public void flush() {
        next.flush();
    }

    @Override
    public void fail(Failure failure, Consumer<Fields> page) {
        next.fail(failure, page);
    }

    @Override
    public boolean isWritable() {
        return next.isWritable();
    }

    @Override
    public void pause() {
        next.pause();
    }

    @Override
    public void resume() {
        next.resume();
    }

    @Override
    public void release() {
        next.release();
    }
}
