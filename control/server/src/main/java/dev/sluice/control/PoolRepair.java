package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a pool's last good state over a node that was overwritten with junk. Blocks; any thread.
 *
 * <p>Hosts install only greater generations, and one that nobody has told of may have been written
 * just before the junk. So the repaired state skips one generation; and if any host works with a
 * newer state than this process knows, nothing is written: another control process may know it.
 */
final class PoolRepair {
    private static final int STEP = 2;

    private final Observer observer;
    private final PoolStore pools;
    private final InstantSource clock;

    PoolRepair(Observer observer, PoolStore pools, InstantSource clock) {
        this.observer = observer;
        this.pools = pools;
        this.clock = clock;
    }

    Answer<PoolState> repair(String pool, String actor) throws StoreException {
        ClusterView view = observer.view();
        return switch (pools.read(pool)) {
            case Seen.Value<PoolState> good ->
                    Answer.refused("pool " + pool + " is not corrupt", "nothing to do");
            case Seen.Gone<PoolState> gone -> Scope.unknownPool(pool, view);
            case Seen.Corrupt<PoolState> junk -> repair(pool, view, actor);
        };
    }

    private Answer<PoolState> repair(String pool, ClusterView view, String actor)
            throws StoreException {
        ClusterView.Versioned known = view.pools().get(pool);
        if (known == null) {
            return Answer.refused(
                    "this control process has never read a good state of pool " + pool,
                    "ask another one with --control; if none knows it, put the node's last good"
                            + " bytes back from a backup of ZooKeeper");
        }
        List<String> ahead = ahead(view, known.state());
        if (!ahead.isEmpty()) {
            return Answer.refused(
                    "this control process knows generation "
                            + known.state().generation()
                            + " of pool "
                            + pool
                            + ", older than what works: "
                            + String.join(", ", ahead),
                    "ask another one with --control");
        }
        PoolState repaired = later(known.state());
        AuditEvent event =
                new AuditEvent(
                        clock.millis(),
                        actor,
                        "pool-repair",
                        pool,
                        "the state of generation "
                                + known.state().generation()
                                + " written over a corrupt node",
                        repaired.generation());
        if (!pools.overwriteCorrupt(repaired, event)) {
            return Answer.refused("pool " + pool + " was written meanwhile", "look again");
        }
        Audit.logged(event);
        return new Answer.Done<>(repaired);
    }

    private static PoolState later(PoolState state) {
        return new PoolState(
                state.name(),
                state.generation() + STEP,
                state.spec(),
                state.proxies(),
                state.live(),
                state.pending(),
                state.nextEpochId());
    }

    private static List<String> ahead(ClusterView view, PoolState state) {
        List<String> ahead = new ArrayList<>();
        view.directors()
                .forEach((id, director) -> {
                    long acknowledged = director.acknowledged().getOrDefault(state.name(), 0L);
                    if (acknowledged > state.generation()) {
                        ahead.add("director " + id + " generation " + acknowledged);
                    }
                });
        view.proxyMembers()
                .forEach((id, proxy) -> {
                    long installed = proxy.installed().getOrDefault(state.name(), 0L);
                    if (installed > state.generation()) {
                        ahead.add("proxy " + id + " generation " + installed);
                    }
                });
        return ahead;
    }
}
