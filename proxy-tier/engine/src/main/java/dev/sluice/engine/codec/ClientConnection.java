package dev.sluice.engine.codec;

import dev.sluice.engine.http.Peer;

/** A client's connection, for their keeper; all methods are called on its event loop. */
public interface ClientConnection {

    Peer peer();

    /** Closes the connection in a while if no request comes until then. */
    void closeIfIdleIn(long nanos);

    /**
     * Closes the connection whatever is going on. One in use is reset: its client must not take
     * what it has for the whole, and the kernel must not keep the flow for bytes nobody fetches.
     */
    void cut();
}
