package dev.sluice.engine.http;

import io.netty.buffer.ByteBuf;

/** Takes what an endpoint sends. Called on the stream's event loop. */
public interface ResponseSink {

    /** Informational; another head follows. */
    void onInform(ResponseHead head);

    void onResponse(ResponseHead head);

    /** Ownership of the buffer passes to the sink. */
    void onResponseData(ByteBuf data);

    void onResponseEnd(Fields trailers);

    /** There will be no (further) response. Last call. */
    void onUpstreamFailure(Failure why);

    /** The endpoint takes request data again. */
    void onUpstreamWritable();

    /** No more data at the moment: a good time to flush. */
    void onUpstreamReadComplete();
}
