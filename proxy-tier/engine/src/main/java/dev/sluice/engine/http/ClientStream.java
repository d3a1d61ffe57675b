package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * The client's side of one request: takes the response. Confined to its event loop. Once the stream
 * is over, calls do nothing and buffers are released.
 */
public interface ClientStream {

    EventLoop loop();

    /** Sends an informational response. */
    void inform(ResponseHead head);

    /** Sends the head; with status 101 the stream becomes a tunnel for bytes. */
    void respond(ResponseHead head);

    /** Takes ownership of the buffer. Not flushed. */
    void data(ByteBuf data);

    /** Ends the response, or this direction of a tunnel; flushes. */
    void end(Fields trailers);

    /**
     * Takes parts of files that the kernel sends by itself, after a head of known length; null if
     * the bytes on the wire are not those of the file.
     */
    default @Nullable Regions regions() {
        return null;
    }

    /** See {@link #regions}. */
    interface Regions {
        /**
         * Takes ownership. Flushed.
         *
         * @param sent runs when the client's side of the kernel has all of it, if ever
         */
        void send(FileRegion region, Runnable sent);
    }

    void flush();

    /** Answers with the failure's page; cuts off a response that has begun. */
    default void fail(Failure failure) {
        fail(failure, _ -> {});
    }

    /**
     * The same, with more to say.
     *
     * @param page adds to the fields of the page, if there is one
     */
    void fail(Failure failure, Consumer<Fields> page);

    /** False asks for no more data until {@link RequestSink#onWritable()}. */
    boolean isWritable();

    /** Stops {@link RequestSink#onData} soon; what was read already still comes. */
    void pause();

    void resume();

    /** The exchange is over: whatever stands in front of the stream lets go of what it holds. */
    default void release() {}
}
