package dev.sluice.engine.upstream;

import dev.sluice.cluster.config.HostPort;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Looks for an endpoint of a group that can be had: each is tried once, and only so many of them,
 * as somebody waits. Confined to an event loop.
 */
public final class Search {
    private static final int MOST = 3;

    private final Group group;
    private List<HostPort> unreachable = List.of();

    public Search(Group group) {
        this.group = group;
    }

    /** The endpoint whose turn it is; null if none is left. */
    public @Nullable HostPort next() {
        return unreachable.size() < MOST ? group.next(unreachable) : null;
    }

    /** After a connect that failed. */
    public @Nullable HostPort nextAfter(HostPort failed) {
        unreachable = new ArrayList<>(unreachable);
        unreachable.add(failed);
        return next();
    }
}
