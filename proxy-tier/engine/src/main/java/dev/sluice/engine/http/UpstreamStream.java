package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;

/**
 * An endpoint's side of one request: takes the request. Confined to the client's event loop. Once
 * the stream is over, calls do nothing and buffers are released.
 */
public interface UpstreamStream {

    /**
     * True if the connection served another request before and nothing of an answer to this one
     * came: the server was closing it, most likely.
     */
    boolean mayBeStale();

    /** True if anything of an answer came: the server acted. */
    boolean isAnswered();

    /** Sends the head; the sink hears of everything that comes back. Not flushed. */
    void open(RequestHead head, ResponseSink sink);

    /** Takes ownership of the buffer. Not flushed. */
    void data(ByteBuf data);

    /** Ends the request, or this direction of a tunnel; flushes. */
    void end(Fields trailers);

    void flush();

    /** False asks for no more data until {@link ResponseSink#onUpstreamWritable()}. */
    boolean isWritable();

    /** Stops {@link ResponseSink#onResponseData} soon; what was read already still comes. */
    void pause();

    void resume();

    /** Gives the request up. The sink hears nothing more. */
    void abort();
}
