package dev.sluice.cluster.pool;

/**
 * A registered proxy of a pool.
 *
 * @param address underlay address: what rendezvous hashes and packets are sent to
 * @param weight share of new flows when it is in a view, 1 to 65535
 */
public record Proxy(String id, Address address, State state, int weight) {
    public static final int MAX_WEIGHT = 0xffff;

    public Proxy {
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of proxy " + id + ": allowed are 1 to " + MAX_WEIGHT);
        }
    }

    public Proxy withState(State next) {
        return new Proxy(id, address, next, weight);
    }

    /** DESIGN §2: a proxy's way through a pool. */
    public enum State {
        JOINING,
        FILLING,
        ACTIVE,
        DRAINING,
        DRAINED
    }
}
