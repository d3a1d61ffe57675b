package dev.sluice.engine.capture;

import dev.sluice.cluster.config.HostPort;
import dev.sluice.engine.http.Failure;

/**
 * A message that was not valid.
 *
 * @param version of its protocol, like {@code HTTP/1.1}
 * @param remote who sent it: the client as far as a trusted peer told of it, or the endpoint
 * @param detail what is wrong with it, for people; empty if there is no more to say
 */
public record Capture(
        Side side, String version, HostPort remote, Failure why, String detail, Excerpt excerpt) {

    /** What it should have been. */
    public enum Side {
        /** Of a client. */
        REQUEST,
        /** Of an endpoint. */
        RESPONSE
    }

    public static Capture request(String version, HostPort remote, Failure why, Excerpt excerpt) {
        return new Capture(Side.REQUEST, version, remote, why, "", excerpt);
    }

    public static Capture response(
            String version, HostPort remote, String detail, Excerpt excerpt) {
        return new Capture(Side.RESPONSE, version, remote, Failure.BAD_RESPONSE, detail, excerpt);
    }

    /** Whether it is the message that is wrong, rather than what it wants or how long it took. */
    public static boolean isOf(Failure why) {
        return switch (why) {
            case MALFORMED,
                    BAD_HOST,
                    BAD_TARGET,
                    BAD_FRAMING,
                    BAD_UPGRADE,
                    TARGET_TOO_LONG,
                    HEADER_TOO_LARGE,
                    UNKNOWN_CODING,
                    BAD_RESPONSE ->
                    true;
            default -> false;
        };
    }
}
