package dev.sluice.engine.http;

/**
 * A response's head.
 *
 * @param phrase the reason phrase; may be empty
 * @param bodyLength in bytes; {@link RequestHead#UNKNOWN_LENGTH} if only its end will tell. A
 *     response to HEAD says what GET would bring
 */
public record ResponseHead(int status, String phrase, Fields fields, long bodyLength) {

    /** RFC 9110 §15.2: another head follows. */
    public boolean isInformational() {
        return status < 200 && status != 101;
    }
}
