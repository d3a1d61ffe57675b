package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;

/** Takes what comes from the client after the head. Called on the stream's event loop. */
public interface RequestSink {

    /** Ownership of the buffer passes to the sink. */
    void onData(ByteBuf data);

    void onEnd(Fields trailers);

    /** The client is gone or broke the protocol: nothing can be sent to it any more. Last call. */
    void onAbort(Failure why);

    /** The client takes response data again. */
    void onWritable();

    /** No more data at the moment: a good time to flush. */
    void onReadComplete();
}
