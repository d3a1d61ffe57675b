package dev.sluice.cluster.record;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which revision is served, and which were.
 *
 * @param activated at least one, each once; the active one is the last
 */
public record ConfigRollout(List<Long> activated) {
    /** How many are remembered. */
    static final int MOST = 100;

    /** Throws {@link IllegalArgumentException} if no revision is active. */
    public ConfigRollout {
        if (activated.isEmpty()) {
            throw new IllegalArgumentException("no revision is active");
        }
        activated = List.copyOf(activated);
    }

    /** The first one. */
    public static ConfigRollout of(long revision) {
        return new ConfigRollout(List.of(revision));
    }

    public long active() {
        return activated.getLast();
    }

    /** The one that was active until {@link #active} became so; empty = it was the first. */
    public OptionalLong before() {
        return activated.size() < 2
                ? OptionalLong.empty()
                : OptionalLong.of(activated.get(activated.size() - 2));
    }

    /** With another one active. */
    public ConfigRollout activate(long revision) {
        List<Long> next = new ArrayList<>(activated);
        next.remove(revision);
        next.add(revision);
        return new ConfigRollout(next.subList(Math.max(0, next.size() - MOST), next.size()));
    }
}
