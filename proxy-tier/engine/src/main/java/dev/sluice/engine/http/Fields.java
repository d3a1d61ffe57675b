package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * Header or trailer fields: ordered, names compared without case. A view on what a codec decoded,
 * confined to the message's event loop.
 */
public interface Fields {

    /** The first value, or null. */
    @Nullable String get(String name);

    List<String> all(String name);

    boolean has(String name);

    /** Replaces all values. */
    void set(String name, String value);

    void add(String name, String value);

    void remove(String name);

    boolean isEmpty();

    /** Those of the names, in lower case, that begin so. */
    List<String> namesStarting(String prefix);

    /** In order; a name comes as often as it has values. Must not be changed meanwhile. */
    void forEach(BiConsumer<String, String> action);
}
