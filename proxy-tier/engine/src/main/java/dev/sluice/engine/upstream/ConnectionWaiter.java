package dev.sluice.engine.upstream;

import dev.sluice.engine.http.UpstreamStream;

/** Waits for a connection; called on its event loop, once, perhaps before the request returns. */
public interface ConnectionWaiter {

    /** The waiter must open the stream or abort it. */
    void onConnected(UpstreamStream stream);

    /** No byte was sent. */
    void onConnectFailed(Throwable cause);
}
