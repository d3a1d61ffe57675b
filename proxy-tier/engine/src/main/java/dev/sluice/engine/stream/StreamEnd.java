package dev.sluice.engine.stream;

/** How a stream ended; the words stand in the access log and in metrics. */
public enum StreamEnd {
    /** Both sides were done. */
    OK("ok"),
    UNKNOWN_NAME("unknown-name"),
    NO_ENDPOINT("no-endpoint"),
    OVERLOADED("overloaded"),
    QUEUE_FULL("queue-full"),
    QUEUE_TIMEOUT("queue-timeout"),
    CONNECT_FAILED("connect-failed"),
    IDLE("idle-timeout"),
    CLIENT_FAILED("client-failed"),
    SERVER_FAILED("server-failed"),
    CUT("cut");

    private final String word;

    StreamEnd(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
