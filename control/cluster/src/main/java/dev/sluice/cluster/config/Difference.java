package dev.sluice.cluster.config;

import java.util.Optional;

/**
 * One thing in which two configurations differ, as they are written.
 *
 * @param path keys from the root, with names or indices of a list's elements, e.g. {@code
 *     upstreams[api].balance} or {@code routes[3].path}; indices count in the newer one, those of
 *     what was removed in the older one
 * @param before the value, or the index of what was moved; empty for what was added
 * @param after the same, empty for what was removed
 */
public record Difference(String path, Kind kind, Optional<String> before, Optional<String> after) {

    /** What happened to it. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED,
        /** An element with a name has another place among its like. */
        MOVED
    }

    static Difference added(String path, String after) {
        return new Difference(path, Kind.ADDED, Optional.empty(), Optional.of(after));
    }

    static Difference removed(String path, String before) {
        return new Difference(path, Kind.REMOVED, Optional.of(before), Optional.empty());
    }

    static Difference changed(String path, String before, String after) {
        return new Difference(path, Kind.CHANGED, Optional.of(before), Optional.of(after));
    }

    static Difference moved(String path, int before, int after) {
        return new Difference(
                path,
                Kind.MOVED,
                Optional.of(Integer.toString(before)),
                Optional.of(Integer.toString(after)));
    }
}
