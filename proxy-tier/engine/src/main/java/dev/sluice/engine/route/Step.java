package dev.sluice.engine.route;

import dev.sluice.engine.files.Directory;

/**
 * What is done with the requests of a route.
 *
 * @param <T> what upstreams are
 */
public sealed interface Step<T> {

    /** They go to one of several. */
    record Forward<T>(Choice<T> to, Rewriting rewriting) implements Step<T> {}

    /** They get files. */
    record Serve<T>(Directory from) implements Step<T> {}

    /** They are answered here. */
    record Answer<T>(Reply reply) implements Step<T> {}
}
