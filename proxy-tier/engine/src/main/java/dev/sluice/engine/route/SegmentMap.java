package dev.sluice.engine.route;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * A map from texts that is asked for parts of other texts, without cutting those out. Among many
 * routes a look-up costs what it touches: a key lies beside its value, and empty maps, which most
 * are, share one table.
 */
final class SegmentMap<V> {
    private static final @Nullable Object[] EMPTY = new @Nullable Object[2];

    /** 2^32 by the golden ratio: names that differ in a digit are spread over the table. */
    private static final int SPREAD = 0x9E3779B9;

    /** Keys at even places, each before its value; at most every other pair is taken. */
    private @Nullable Object[] table = EMPTY;

    private int size;

    V computeIfAbsent(String key, Supplier<V> made) {
        V found = get(key, 0, key.length());
        if (found != null) {
            return found;
        }
        V value = made.get();
        if (4 * (size + 1) > table.length) {
            grow();
        }
        put(key, value);
        size++;
        return value;
    }

    /** The value of a part of a text, or null. */
    @SuppressWarnings("unchecked") // Only values of this type are put.
    @Nullable V get(String text, int from, int to) {
        @Nullable Object[] pairs = table;
        if (size == 0) {
            return null;
        }
        int at = place(text, from, to, pairs.length);
        while (pairs[at] instanceof String key) {
            if (key.length() == to - from && text.startsWith(key, from)) {
                return (V) pairs[at + 1];
            }
            at = (at + 2) & (pairs.length - 1);
        }
        return null;
    }

    boolean isEmpty() {
        return size == 0;
    }

    private void put(String key, @Nullable Object value) {
        int at = place(key, 0, key.length(), table.length);
        while (table[at] != null) {
            at = (at + 2) & (table.length - 1);
        }
        table[at] = key;
        table[at + 1] = value;
    }

    private void grow() {
        @Nullable Object[] old = table;
        table = new @Nullable Object[old.length * 2];
        for (int i = 0; i < old.length; i += 2) {
            if (old[i] instanceof String key) {
                put(key, old[i + 1]);
            }
        }
    }

    /** Of the key, in a table of this length, which is a power of two. */
    private static int place(String text, int from, int to, int length) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        // The upper bits are the mixed ones; there is half a pair for each place.
        return ((hash * SPREAD) >>> Integer.numberOfLeadingZeros(length - 1)) & (length - 2);
    }
}
