package dev.sluice.cluster.transition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes of one pool that wait their turn, first come, first served. Immutable.
 *
 * @param nextId of the next one queued; ids are never used twice
 */
public record ChangeQueue(long nextId, List<QueuedChange> changes) {
    public static final ChangeQueue EMPTY = new ChangeQueue(1, List.of());

    /** More are refused. */
    public static final int MAX_CHANGES = 64;

    public ChangeQueue {
        changes = List.copyOf(changes);
        if (changes.size() > MAX_CHANGES) {
            throw new IllegalArgumentException(
                    changes.size() + " queued changes: allowed are " + MAX_CHANGES);
        }
    }

    /**
     * A change that waits.
     *
     * @param actor who asked, for the audit log
     * @param unixMs when
     */
    public record QueuedChange(long id, Change change, String actor, long unixMs) {}

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    public boolean isFull() {
        return changes.size() == MAX_CHANGES;
    }

    /**
     * @throws IllegalArgumentException if it {@link #isFull}
     */
    public ChangeQueue append(Change change, String actor, long unixMs) {
        List<QueuedChange> longer = new ArrayList<>(changes);
        longer.add(new QueuedChange(nextId, change, actor, unixMs));
        return new ChangeQueue(nextId + 1, longer);
    }

    public Optional<QueuedChange> find(long id) {
        return changes.stream().filter(c -> c.id() == id).findFirst();
    }

    public ChangeQueue without(long id) {
        return new ChangeQueue(nextId, changes.stream().filter(c -> c.id() != id).toList());
    }

    /** What is left when the first ones had their turn. */
    ChangeQueue afterFirst(int count) {
        return new ChangeQueue(nextId, changes.subList(count, changes.size()));
    }
}
