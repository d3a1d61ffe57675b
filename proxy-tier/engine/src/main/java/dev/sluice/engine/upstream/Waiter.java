package dev.sluice.engine.upstream;

import dev.sluice.engine.balance.Endpoint;

/** Waits for a place at an endpoint; hears of it on its event loop, once. */
public interface Waiter {

    /** It has one, which its {@link Search} gives back. */
    void onPlace(Endpoint endpoint);

    /** As many as may do wait already. */
    void onLineFull();

    /** There was none in time. */
    void onWaitedTooLong();
}
