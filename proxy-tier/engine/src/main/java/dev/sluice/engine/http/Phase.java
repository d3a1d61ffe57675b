package dev.sluice.engine.http;

/** The phases of a request's life, in order; logs name the one in which it ended. */
public enum Phase {
    /** The head is checked, and a route looked up. */
    ROUTE,
    /** The body is collected, as the route wants it; no endpoint hears of the request. */
    BUFFER,
    /** It waits for a place at an endpoint, as all have as many requests as they may. */
    QUEUE,
    /** A connection to an endpoint is taken from the pool or made. */
    CONNECT,
    /** The request is sent; nothing of the response has come. */
    AWAIT_RESPONSE,
    /** The response's head is on its way to the client; bodies may go both ways. */
    RESPOND,
    /** The connection was upgraded: bytes go both ways until one side closes. */
    TUNNEL,
    /** The response is complete. */
    DONE
}
