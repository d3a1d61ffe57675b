package dev.sluice.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The routers in front: equal-cost paths to every director that announces. */
final class Router {
    /** A dead next hop is noticed after this. */
    private static final long NOTICE_NANOS = Nanos.millis(700);

    private final World world;
    private final Set<DirectorHost> nextHops = new LinkedHashSet<>();
    private int salt = 1;

    Router(World world) {
        this.world = world;
    }

    void announce(DirectorHost director) {
        nextHops.add(director);
    }

    boolean sendsTo(DirectorHost director) {
        return nextHops.contains(director);
    }

    void withdraw(DirectorHost director) {
        nextHops.remove(director);
    }

    void lost(DirectorHost director) {
        world.after(
                NOTICE_NANOS,
                () -> {
                    if (!director.isUp()) {
                        withdraw(director);
                    }
                });
    }

    /** Flows move to other directors. */
    void reshuffle(int newSalt) {
        salt = newSalt;
    }

    void forward(Segment segment) {
        if (nextHops.isEmpty()) {
            return;
        }
        List<DirectorHost> paths = new ArrayList<>(nextHops);
        int hash = segment.key().sourcePort() * 0x9e3779b1 + salt * 0x85ebca6b;
        hash ^= hash >>> 15;
        hash *= 0x2c1b3c6d;
        hash ^= hash >>> 13;
        paths.get(Math.floorMod(hash, paths.size())).forward(segment);
    }
}
