package dev.sluice.engine.discovery;

import java.util.function.Consumer;

/**
 * Looks for the endpoints of some kind of place.
 *
 * @param <D> what names a place
 */
public interface Finder<D> {

    /** Ends a search. */
    interface Search extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Looks until it is closed.
     *
     * @param hears of everything that is found or not; on any thread, one at a time, and may block
     */
    Search find(D place, Consumer<Finding> hears);
}
