package dev.sluice.engine.route;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/** Finds the longest prefix of whole segments, with one look-up per length that occurs. */
final class PathTable<T> {
    private final Map<String, T> byPrefix = new HashMap<>();
    private final TreeSet<Integer> lengths = new TreeSet<>(Collections.reverseOrder());

    void add(String prefix, T target) {
        // The root is every path's prefix: nothing is left of it without its slash.
        String key = prefix.equals("/") ? "" : prefix;
        byPrefix.put(key, target);
        lengths.add(key.length());
    }

    @Nullable T find(String path) {
        for (int length : lengths) {
            if (endsSegment(path, length)) {
                T found = byPrefix.get(path.substring(0, length));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean endsSegment(String path, int length) {
        return length == path.length() || (length < path.length() && path.charAt(length) == '/');
    }
}
