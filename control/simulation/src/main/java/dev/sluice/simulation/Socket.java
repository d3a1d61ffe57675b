package dev.sluice.simulation;

/** One socket of a proxy host's kernel; the listener is not among them. */
final class Socket {
    enum State {
        /** SYN_RECV. */
        REQUEST,
        ESTABLISHED,
        /** Closed by its process; the kernel still sends what is left. */
        ORPHAN,
        LAST_ACK,
        TIME_WAIT
    }

    private final Connection connection;
    private final int clientSequence;
    private final int serverSequence;
    private State state;
    private boolean accepted;
    private long heardNanos;

    /**
     * @param connection whose packet made it: for the invariants
     */
    Socket(Connection connection, int clientSequence, int serverSequence, State state) {
        this.connection = connection;
        this.clientSequence = clientSequence;
        this.serverSequence = serverSequence;
        this.state = state;
    }

    Connection connection() {
        return connection;
    }

    int clientSequence() {
        return clientSequence;
    }

    int serverSequence() {
        return serverSequence;
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    boolean isAccepted() {
        return accepted;
    }

    void accept() {
        accepted = true;
    }

    /** When the client was heard last. */
    long heardNanos() {
        return heardNanos;
    }

    void hear(long nowNanos) {
        heardNanos = nowNanos;
    }

    boolean isAcknowledgedBy(Segment segment) {
        return segment.acknowledgement() == serverSequence + 1;
    }

    /** Holds a client's flow: neither forgotten nor waiting for the last acknowledgement only. */
    boolean holdsFlow() {
        return state == State.REQUEST || state == State.ESTABLISHED || state == State.ORPHAN;
    }
}
