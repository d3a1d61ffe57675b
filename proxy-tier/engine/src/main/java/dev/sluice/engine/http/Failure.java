package dev.sluice.engine.http;

/**
 * Why a request did not get its server's answer: what, whose fault, and what the client is told.
 * The reason goes to the client in the field {@code Sluice-Reason} and to the access log; it names
 * no address.
 */
public enum Failure {
    MALFORMED(400, Fault.CLIENT, "malformed-request", "The request is not valid HTTP."),
    BAD_HOST(400, Fault.CLIENT, "bad-host", "The Host field is missing, doubled or not valid."),
    BAD_TARGET(400, Fault.CLIENT, "bad-target", "The request target is not valid."),
    BAD_FRAMING(400, Fault.CLIENT, "bad-framing", "The length of the body is not clear."),
    BAD_UPGRADE(400, Fault.CLIENT, "bad-upgrade", "The request cannot be upgraded."),
    ORIGIN_REFUSED(403, Fault.CLIENT, "origin-refused", "The page's origin is not allowed."),
    NO_ROUTE(404, Fault.CLIENT, "no-route", "No route is configured for this host and path."),
    NO_FILE(404, Fault.CLIENT, "no-file", "There is no such file."),
    METHOD_NOT_ALLOWED(405, Fault.CLIENT, "method-not-allowed", "The method is not allowed."),
    CLIENT_TIMEOUT(408, Fault.CLIENT, "client-timeout", "The request took too long to come in."),
    BODY_TOO_LARGE(413, Fault.CLIENT, "body-too-large", "The body is larger than allowed."),
    TARGET_TOO_LONG(414, Fault.CLIENT, "target-too-long", "The target is longer than allowed."),
    UNKNOWN_EXPECTATION(417, Fault.CLIENT, "unknown-expectation", "The Expect field is not known."),
    MISDIRECTED(421, Fault.CLIENT, "misdirected", "The connection was made for another host."),
    RATE_LIMITED(429, Fault.CLIENT, "rate-limited", "Too many requests; try again later."),
    HEADER_TOO_LARGE(431, Fault.CLIENT, "header-too-large", "The header is larger than allowed."),
    UNKNOWN_CODING(501, Fault.CLIENT, "unknown-coding", "The transfer coding is not known."),
    UNKNOWN_PROTOCOL(501, Fault.CLIENT, "unknown-protocol", "The tunnel's protocol is not known."),
    CONNECT_FAILED(502, Fault.UPSTREAM, "connect-failed", "No server could be reached."),
    TLS_FAILED(502, Fault.UPSTREAM, "tls-failed", "The server could not prove who it is."),
    UPSTREAM_REFUSED(502, Fault.UPSTREAM, "upstream-refused", "The server refused the request."),
    TUNNEL_REFUSED(502, Fault.UPSTREAM, "tunnel-refused", "The server takes no WebSockets."),
    UPSTREAM_CLOSED(502, Fault.UPSTREAM, "upstream-closed", "The server closed the connection."),
    BAD_RESPONSE(502, Fault.UPSTREAM, "bad-response", "The server's response is not valid HTTP."),
    BAD_STATUS(502, Fault.UPSTREAM, "bad-status", "The server answered that it failed."),
    NO_ENDPOINT(503, Fault.UPSTREAM, "no-endpoint", "No server is there for this request."),
    OVERLOADED(503, Fault.PROXY, "overloaded", "Too many requests are on their way."),
    SHED(503, Fault.PROXY, "shed", "The proxy has no time for more requests."),
    QUEUE_FULL(503, Fault.PROXY, "queue-full", "Too many requests wait for a server."),
    QUEUE_TIMEOUT(503, Fault.PROXY, "queue-timeout", "No server had room in time."),
    BUFFER_FAILED(503, Fault.PROXY, "buffer-failed", "The request could not be kept."),
    FILE_FAILED(500, Fault.PROXY, "file-failed", "The file could not be read."),
    UPSTREAM_TIMEOUT(504, Fault.UPSTREAM, "response-timeout", "The server took too long."),
    REQUEST_TIMEOUT(504, Fault.UPSTREAM, "request-timeout", "The request took too long."),
    /** Never sent: nobody is left to read it. The status is for the log, as others write it. */
    CLIENT_GONE(499, Fault.CLIENT, "client-gone", "The client closed the connection.");

    /** Who has to change something. */
    public enum Fault {
        CLIENT,
        UPSTREAM,
        PROXY
    }

    private final int status;
    private final Fault fault;
    private final String reason;
    private final String text;

    Failure(int status, Fault fault, String reason, String text) {
        this.status = status;
        this.fault = fault;
        this.reason = reason;
        this.text = text;
    }

    public int status() {
        return status;
    }

    public Fault fault() {
        return fault;
    }

    /** A stable name for logs, metrics and the client. */
    public String reason() {
        return reason;
    }

    /** A sentence for people. */
    public String text() {
        return text;
    }
}
