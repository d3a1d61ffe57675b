package dev.sluice.engine.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The streams that were heard of in what is just read, so that each is told once when there is
 * nothing more. Confined to its connection's event loop.
 */
final class Touched<S> {
    private final List<S> streams = new ArrayList<>();

    /** It is often the one that was touched last. */
    @SuppressWarnings("ReferenceEquality") // The one and the same is meant.
    void add(S stream) {
        if (streams.isEmpty() || streams.getLast() != stream) {
            streams.add(stream);
        }
    }

    /** More may be touched meanwhile. */
    void forEachAndForget(Consumer<S> action) {
        for (int i = 0; i < streams.size(); i++) {
            action.accept(streams.get(i));
        }
        streams.clear();
    }
}
