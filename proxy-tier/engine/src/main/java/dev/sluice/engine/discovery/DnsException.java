package dev.sluice.engine.discovery;

/** A question that got no good answer; the message says why, for people. */
final class DnsException extends Exception {
    private static final long serialVersionUID = 1;

    DnsException(String why) {
        super(why);
    }
}
