package dev.sluice.engine.balance;

import java.time.Duration;

/**
 * Hears of what happens to the endpoints of an upstream; called under their lock: only notes it.
 */
public interface Observer {

    void onEjected(Endpoint endpoint, String why, Duration time);

    void onReturned(Endpoint endpoint);

    /**
     * Checks say so.
     *
     * @param why empty if it is well
     */
    void onHealth(Endpoint endpoint, boolean well, String why);

    /**
     * Too few endpoints are fit for use, so that all are used; or that is over.
     *
     * @param fit of them
     * @param all with a weight
     */
    void onPanic(boolean panic, int fit, int all);
}
