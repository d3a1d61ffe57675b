package dev.sluice.engine.http;

import dev.sluice.cluster.l7.Targets;

/**
 * Decides whether a request that a codec decoded may go on: the rules of RFC 9110, RFC 9112 and RFC
 * 9113 that keep what the server sees equal to what the client was told.
 */
public sealed interface Intake {

    /** The request goes on. */
    record Taken(RequestHead head) implements Intake {}

    /** The request is answered with the failure, and its connection or stream is over. */
    record Refused(Failure failure) implements Intake {}

    /**
     * Checks a request of HTTP/1.x.
     *
     * @param minor version: 0 or 1
     * @param peer its local end stands in for the Host that HTTP/1.0 may leave out
     * @param targets what becomes of doubtful ones
     */
    static Intake http1(
            String method, String target, int minor, Fields fields, Peer peer, Targets targets) {
        return new Http1Intake(method, target, minor, fields, peer, targets).decide();
    }

    /**
     * Checks a request of HTTP/2 whose single fields are well-formed.
     *
     * @param ended no body follows
     * @param targets what becomes of doubtful ones
     */
    static Intake http2(
            Http2Request request, Fields fields, boolean ended, Peer peer, Targets targets) {
        return new Http2Intake(request, fields, ended, peer, targets).decide();
    }
}
