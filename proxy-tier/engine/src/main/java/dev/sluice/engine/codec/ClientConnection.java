package dev.sluice.engine.codec;

import dev.sluice.engine.http.Peer;

/** A client's connection, for their keeper; all methods are called on its event loop. */
public interface ClientConnection {

    Peer peer();

    /**
     * Gets the connection to end without losing a request: one of HTTP/1.1 is closed in a while if
     * no request comes until then, one of HTTP/2 says goodbye at once.
     */
    void drain(long idleNanos);

    /**
     * Closes the connection whatever is going on. One in use is reset: its client must not take
     * what it has for the whole, and the kernel must not keep the flow for bytes nobody fetches.
     */
    void cut();
}
