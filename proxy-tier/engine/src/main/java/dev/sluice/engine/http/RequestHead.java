package dev.sluice.engine.http;

/**
 * A request's head that passed {@link Intake}.
 *
 * @param secure it came over TLS
 * @param authority host and port as the client named them; sent on as Host
 * @param host of the authority, in lower case and without port: what is routed on
 * @param path normalised; {@code *} for the server as a whole
 * @param query with its question mark; or empty
 * @param fields the view that is sent on
 * @param bodyLength in bytes; {@link #UNKNOWN_LENGTH} if chunked; 0 if there is none
 * @param upgrade the protocol that a tunnel is asked for, in lower case; or empty
 */
public record RequestHead(
        String method,
        boolean secure,
        String authority,
        String host,
        String path,
        String query,
        Fields fields,
        long bodyLength,
        String upgrade) {
    public static final long UNKNOWN_LENGTH = -1;

    /** What the request line says. */
    public String target() {
        return query.isEmpty() ? path : path + query;
    }

    /** The same request, with the same fields, of another host and path. */
    public RequestHead sentTo(String otherAuthority, String otherPath) {
        return new RequestHead(
                method,
                secure,
                otherAuthority,
                host,
                otherPath,
                query,
                fields,
                bodyLength,
                upgrade);
    }

    public boolean hasBody() {
        return bodyLength != 0;
    }

    public boolean asksForTunnel() {
        return !upgrade.isEmpty();
    }

    /** RFC 9110 §9.2.2: doing it twice is doing it once. */
    public boolean isIdempotent() {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE" -> true;
            default -> false;
        };
    }
}
