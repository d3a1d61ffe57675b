package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec;
import dev.sluice.cluster.table.FlowKey;
import dev.sluice.cluster.table.RowHash;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;

/** One client's connection, as the client sees it. */
final class Connection {
    enum State {
        SYN_SENT,
        ESTABLISHED,
        /** The server takes no more requests; the client acknowledges what still comes. */
        TAIL,
        /** The client sent FIN. */
        CLOSING,
        CLOSED
    }

    private final int number;
    private final FlowKey key;
    private final int sequence;
    private final Plan plan;
    private final int row;
    private final Set<ProxyHost> passedBy = new HashSet<>();
    private State state = State.SYN_SENT;
    private int serverSequence;
    private @Nullable ProxyHost owner;
    private int request;
    private long progressNanos;

    /**
     * What the client means to do.
     *
     * @param endNanos closes at the first answer after that
     * @param thinkNanos between an answer and the next request
     * @param lastRequest the server closes after it
     * @param patienceNanos between a SYN-ACK and its acknowledgement
     */
    record Plan(long endNanos, long thinkNanos, int lastRequest, long patienceNanos) {}

    Connection(int number, FlowKey key, int sequence, PoolSpec spec, Plan plan) {
        this.number = number;
        this.key = key;
        this.sequence = sequence;
        this.plan = plan;
        this.row = RowHash.row(spec, key);
    }

    FlowKey key() {
        return key;
    }

    /** Row in the tables of a pool; all of a run have equally many rows. */
    int row(PoolSpec spec) {
        return row & (spec.rows() - 1);
    }

    int sequence() {
        return sequence;
    }

    Plan plan() {
        return plan;
    }

    State state() {
        return state;
    }

    void become(State next) {
        state = next;
    }

    void establish(ProxyHost host, int itsSequence, long nowNanos) {
        state = State.ESTABLISHED;
        owner = host;
        serverSequence = itsSequence;
        progressNanos = nowNanos;
    }

    /** A host had a socket of these addresses and ports, and sent the SYN on. */
    void passedBy(ProxyHost host) {
        passedBy.add(host);
    }

    boolean wasPassedBy(ProxyHost host) {
        return passedBy.contains(host);
    }

    /** Whose SYN-ACK was taken. */
    @Nullable ProxyHost owner() {
        return owner;
    }

    int serverSequence() {
        return serverSequence;
    }

    boolean isClosedByServer(int answered) {
        return answered >= plan.lastRequest();
    }

    /** The one that is under way, or to be sent next. */
    int request() {
        return request;
    }

    void answered(long nowNanos) {
        request++;
        progressNanos = nowNanos;
    }

    /** When it was established or answered last. */
    long progressNanos() {
        return progressNanos;
    }

    /** The client got further than its SYN and is not done. */
    boolean isOpen() {
        return state == State.ESTABLISHED || state == State.TAIL || state == State.CLOSING;
    }

    /** Open, and its owner could serve it. */
    boolean isLive() {
        return isOpen() && owner != null && owner.isUp() && owner.kernel().holds(this);
    }

    @Override
    public String toString() {
        return "flow " + number;
    }
}
