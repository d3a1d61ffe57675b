package dev.sluice.engine.balance;

/** The request that an endpoint is picked for. */
public interface Picking {

    /** Whether it was there already, or has another reason not to go there. */
    boolean isOut(Endpoint endpoint);

    /** Where it belongs on a ring: {@link Endpoints#place}; anything where there is none. */
    default long place() {
        return 0;
    }
}
