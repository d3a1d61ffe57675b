package dev.sluice.simulation;

import dev.sluice.cluster.pool.Address;
import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.table.ForwardingTable;
import dev.sluice.cluster.table.RowSet;
import dev.sluice.cluster.transition.Risk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What forced changes said beforehand that they may cut: on the rows of their risk the flows of the
 * hosts that leave the row's chain by force. A prepared epoch keeps nobody in it, for it may be
 * given up: who is left in a chain by that alone leaves it later, as was said. Nothing else is
 * excused, and nothing but being cut.
 */
final class Announced {
    private final World world;
    private final IdentityHashMap<PoolState, Forced> sent = new IdentityHashMap<>();
    private final Map<Integer, Set<Address>> left = new HashMap<>();
    private final Set<Connection> atRisk = new HashSet<>();
    private long forced;

    private record Forced(PoolState before, Risk risk) {}

    Announced(World world) {
        this.world = world;
    }

    /** A forced change is on its way to the store, which may not take it. */
    void sent(PoolState before, PoolState next, Risk risk) {
        sent.put(next, new Forced(before, risk));
    }

    /** The store has a new state. */
    void written(PoolState next) {
        Forced change = sent.remove(next);
        if (change != null) {
            forced++;
            RowSet rows = world.boundary().announced(change.risk().rows());
            ForwardingTable lasting = world.tableOfLive(next);
            rows.rows().forEach(row -> leave(row, change.before(), next, lasting));
            world.clients().open().stream().filter(this::isLeft).forEach(atRisk::add);
        }
    }

    private void leave(int row, PoolState before, PoolState next, ForwardingTable lasting) {
        Set<Address> stay = new HashSet<>(chain(next, row));
        stay.retainAll(Chained.of(lasting, row).hops());
        Set<Address> gone = new HashSet<>(chain(before, row));
        gone.removeAll(stay);
        left.computeIfAbsent(row, r -> new HashSet<>()).addAll(gone);
    }

    /** A client takes a host's answer: late, or of one that does not know of the force. */
    void established(Connection connection) {
        ProxyHost owner = connection.owner();
        if (owner != null && isLeft(connection)) {
            PoolState now = world.pool();
            if (!chain(now, connection.row(now.spec())).contains(owner.address())) {
                atRisk.add(connection);
            }
        }
    }

    private boolean isLeft(Connection connection) {
        ProxyHost owner = connection.owner();
        return owner != null
                && left.getOrDefault(connection.row(world.pool().spec()), Set.of())
                        .contains(owner.address());
    }

    private List<Address> chain(PoolState state, int row) {
        return Chained.of(world.table(state), row).hops();
    }

    boolean covers(Connection connection) {
        return atRisk.contains(connection);
    }

    /** How many changes were made by force. */
    long forced() {
        return forced;
    }
}
