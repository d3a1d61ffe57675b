package dev.sluice.engine.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * Header or trailer fields: ordered, names compared without case. A view on what a codec decoded,
 * confined to the message's event loop and valid until the message's exchange is over.
 */
public interface Fields {

    /** The first value, or null. */
    @Nullable String get(Name name);

    List<String> all(Name name);

    /** How many values there are. */
    int count(Name name);

    default boolean has(Name name) {
        return count(name) > 0;
    }

    /** Whether one of them may be there; bits are those of {@link Name#bit()}. */
    default boolean mayHaveAnyOf(long bits) {
        return bits != 0;
    }

    /** Replaces all values. */
    void set(Name name, String value);

    void add(Name name, String value);

    void remove(Name name);

    boolean isEmpty();

    /** Those of the names that begin so. */
    List<Name> namesStarting(String lowerPrefix);

    /** In order; a name comes as often as it has values. Must not be changed meanwhile. */
    void forEach(BiConsumer<String, String> action);
}
