package dev.sluice.cluster.record;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which revision is served, and which were.
 *
 * @param count how many times one was made active: tells which of two rollouts is the later one; 0
 *     if it was written by a version that did not count
 * @param activated at least one, each once; the active one is the last
 */
public record ConfigRollout(long count, List<Long> activated) {
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
        return new ConfigRollout(1, List.of(revision));
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
        return new ConfigRollout(
                count + 1, next.subList(Math.max(0, next.size() - MOST), next.size()));
    }
}
