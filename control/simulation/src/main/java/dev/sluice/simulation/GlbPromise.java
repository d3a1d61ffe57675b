package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.cluster.pool.PoolState;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The flows that {@code wire: glb} promises nothing for, since nothing on the wire could tell them
 * from others: docs/protocol.md. On Sluice's wire there are none.
 *
 * <ul>
 *   <li>whose SYN two hosts answered (C3): a host's request socket knows every packet of its tuple;
 *   <li>whose SYN went to a host that was first in no view on the row, as a director goes around a
 *       host that it cannot reach (ADR 22).
 * </ul>
 */
final class GlbPromise {
    private final World world;
    private final Map<Connection, ProxyHost> answered = new HashMap<>();
    private final Set<Connection> excluded = new HashSet<>();

    GlbPromise(World world) {
        this.world = world;
    }

    /** A host answers a connection's SYN for the first time, or again. */
    void answers(ProxyHost host, Connection connection) {
        PoolState pool = world.pool();
        if (pool.spec().wire() != Wire.GLB) {
            return;
        }
        ProxyHost before = answered.putIfAbsent(connection, host);
        boolean two = before != null && before != host;
        if (two || !isFirst(host, connection, pool)) {
            excluded.add(connection);
        }
    }

    private boolean isFirst(ProxyHost host, Connection connection, PoolState pool) {
        return world.firstHops(pool.generation(), connection.row(pool.spec()))
                .contains(host.address());
    }

    boolean excludes(Connection connection) {
        return excluded.contains(connection);
    }

    /** How many flows nothing was promised for. */
    int excluded() {
        return excluded.size();
    }
}
