package dev.sluice.engine.route;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** A map from texts that is asked for parts of other texts, without cutting those out. */
final class SegmentMap<V> {
    private @Nullable String[] keys = new @Nullable String[8];
    private @Nullable Object[] values = new @Nullable Object[8];
    private int size;

    V computeIfAbsent(String key, Supplier<V> made) {
        V found = get(key, 0, key.length());
        if (found != null) {
            return found;
        }
        V value = made.get();
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        put(key, value);
        size++;
        return value;
    }

    /** The value of a part of a text, or null. */
    @SuppressWarnings("unchecked") // Only values of this type are put.
    @Nullable V get(String text, int from, int to) {
        int slot = hash(text, from, to) & (keys.length - 1);
        for (String key = keys[slot]; key != null; key = keys[slot]) {
            if (key.length() == to - from && text.startsWith(key, from)) {
                return (V) values[slot];
            }
            slot = (slot + 1) & (keys.length - 1);
        }
        return null;
    }

    boolean isEmpty() {
        return size == 0;
    }

    private void put(String key, Object value) {
        int slot = hash(key, 0, key.length()) & (keys.length - 1);
        while (keys[slot] != null) {
            slot = (slot + 1) & (keys.length - 1);
        }
        keys[slot] = key;
        values[slot] = value;
    }

    private void grow() {
        @Nullable String[] oldKeys = keys;
        @Nullable Object[] oldValues = values;
        keys = new @Nullable String[oldKeys.length * 2];
        values = new @Nullable Object[oldValues.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            String key = oldKeys[i];
            Object value = oldValues[i];
            if (key != null && value != null) {
                put(key, value);
            }
        }
    }

    private static int hash(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash ^ (hash >>> 16);
    }
}
