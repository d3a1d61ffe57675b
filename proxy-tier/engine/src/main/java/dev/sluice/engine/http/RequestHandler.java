package dev.sluice.engine.http;

/** What a codec hands requests to. Called on the connection's event loop. */
public interface RequestHandler {

    /** Starts a request; the result takes the rest of it. */
    RequestSink onRequest(RequestHead head, Peer peer, ClientStream client);

    /** A request was refused before it had a head to speak of. */
    void onRefused(Failure why, Peer peer);
}
