package dev.sluice.engine.stream;

import dev.sluice.cluster.l7.route.HostPattern;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * Finds what a server's name leads to: an exact one before {@code *.longer.suffix} before {@code
 * *.suffix} before any. Immutable.
 */
public final class NameTable<T> {
    private final Map<HostPattern, T> targets;

    /** The suffixes keep their leading dot. */
    public NameTable(Map<HostPattern, T> targets) {
        this.targets = Map.copyOf(targets);
    }

    public @Nullable T find(String name) {
        T found = targets.get(new HostPattern.Exact(name));
        for (int dot = name.indexOf('.'); found == null && dot >= 0; ) {
            found = targets.get(new HostPattern.Below(name.substring(dot)));
            dot = name.indexOf('.', dot + 1);
        }
        return found != null ? found : targets.get(new HostPattern.Any());
    }
}
