package dev.sluice.cluster.pool;

/**
 * A registered proxy of a pool.
 *
 * @param address underlay address: what rendezvous hashes and packets are sent to
 * @param weight share of new flows when it is in a view, 1 to 65535
 * @param mark why it is out of the view, or not waited for
 */
public record Proxy(String id, Address address, State state, int weight, Mark mark) {
    public static final int MAX_WEIGHT = 0xffff;

    public Proxy {
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of proxy " + id + ": allowed are 1 to " + MAX_WEIGHT);
        }
    }

    /** One that nothing is to be said about. */
    public Proxy(String id, Address address, State state, int weight) {
        this(id, address, state, weight, Mark.NONE);
    }

    public Proxy withState(State next) {
        return new Proxy(id, address, next, weight, mark);
    }

    public Proxy withWeight(int next) {
        return new Proxy(id, address, state, next, mark);
    }

    public Proxy withMark(Mark next) {
        return new Proxy(id, address, state, weight, next);
    }

    /** DESIGN §2: a proxy's way through a pool. */
    public enum State {
        JOINING,
        FILLING,
        ACTIVE,
        DRAINING,
        DRAINED
    }

    /** What the epochs do not say. */
    public enum Mark {
        NONE,
        /** Taken out of the view by the directors' votes: filled again when they call it well. */
        FAILED_OVER,
        /**
         * An operator's word that the host is off and its flows are dead: its report is not waited
         * for and it does not count among those who must know a generation. Void while the proxy
         * has a session.
         */
        CONFIRMED_OFF
    }
}
