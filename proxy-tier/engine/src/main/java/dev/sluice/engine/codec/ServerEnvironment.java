package dev.sluice.engine.codec;

import dev.sluice.cluster.l7.Listener;
import dev.sluice.engine.capture.Capture;
import dev.sluice.engine.http.Flood;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.Refusal;
import dev.sluice.engine.http.RequestHandler;
import dev.sluice.engine.http.Slowness;

/**
 * What a client's connection lives in.
 *
 * @param listener as it was when the connection came in
 */
public record ServerEnvironment(Listener listener, RequestHandler handler, Household household) {

    /** The keeper of all connections of an event loop; called on it. */
    public interface Household {
        /** True while no connection should live on after its response. */
        boolean isDraining();

        /** False while the loop has no time for another connection; such a one is counted. */
        boolean takesConnections();

        /** False while the loop has no time for another request; such a one is counted. */
        boolean takesRequests();

        void opened(ClientConnection connection);

        void closed(ClientConnection connection);

        /** Its socket is closed, whatever was spoken on it. */
        void left(Peer.Socket client);

        /** A connection was ended for what it sent too much of. */
        void onFlood(Flood kind);

        /** A connection or a request was ended for what it took too long for. */
        void onSlow(Slowness kind);

        /** A connection was closed before its protocol began. */
        void onRefused(Refusal why);

        /** A client sent a message that is not valid. */
        void onMalformed(Capture capture);

        /** A client did without an OCSP response that was not renewed. */
        void onStapleOverdue();
    }
}
