package dev.sluice.engine.balance;

/** The request that an endpoint is picked for. */
public interface Picking {

    /** Whether it was there already, or has another reason not to go there. */
    boolean isOut(Endpoint endpoint);
}
