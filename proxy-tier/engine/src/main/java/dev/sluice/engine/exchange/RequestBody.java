package dev.sluice.engine.exchange;

import dev.sluice.engine.http.Fields;
import dev.sluice.engine.http.UpstreamStream;

import io.netty.buffer.ByteBuf;

/**
 * A request's body on its way to an endpoint, and how fast its client may send it. Confined to the
 * client's event loop.
 */
sealed interface RequestBody permits StreamedBody, BufferedBody, UnwantedBody {

    /** Takes ownership. */
    void onData(ByteBuf data);

    void onEnd(Fields trailers);

    /** Sends what there is, from its beginning, and lets the rest come. */
    void sendTo(UpstreamStream stream);

    /** The endpoint is gone. */
    void detach();

    void onUpstreamWritable();

    /** Whether another endpoint would get all of it. */
    boolean isRepeatable();

    /** Whether all of it is in memory, to be sent as often as one likes. */
    boolean isWhole();

    /** Sends all of it to another endpoint as well. Only if it is whole. */
    void copyTo(UpstreamStream stream);

    /** The endpoint answers: no other will be asked. */
    void onAnswered();

    /** For the end of the exchange. */
    void release();
}
