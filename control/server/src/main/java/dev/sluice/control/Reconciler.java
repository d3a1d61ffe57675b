package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.transition.Advance;
import dev.sluice.cluster.transition.Facts;
import dev.sluice.cluster.transition.Transitions;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Advances open changes, on one virtual thread: looks at every pool whenever something is seen and
 * twice a second. Only the leader writes; every control process keeps the reasons for waiting, for
 * its status.
 */
final class Reconciler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final Observer observer;
    private final PoolStore pools;
    private final Leadership leadership;
    private final Audit audit;
    private final String id;
    private final InstantSource clock;
    private final Thread thread;

    /** Written by the reconciler's thread, read by all. */
    private volatile Map<String, List<String>> waiting = Map.of();

    Reconciler(
            Observer observer,
            PoolStore pools,
            Leadership leadership,
            Audit audit,
            String id,
            InstantSource clock) {
        this.observer = observer;
        this.pools = pools;
        this.leadership = leadership;
        this.audit = audit;
        this.id = id;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("sluice-reconciler").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** What the open change of a pool waits for; empty if none is open. */
    List<String> waitingFor(String pool) {
        return waiting.getOrDefault(pool, List.of());
    }

    private void run() {
        try {
            ClusterView view = observer.view();
            while (true) {
                if (view.connected()) {
                    leadership.refresh(clock.millis());
                }
                reconcile(view);
                view = observer.awaitNewer(view, TICK);
            }
        } catch (InterruptedException e) {
            log.atDebug().log("reconciler.stopped");
        }
    }

    private void reconcile(ClusterView view) {
        Map<String, List<String>> reasons = new HashMap<>();
        for (ClusterView.Versioned pool : view.pools().values()) {
            if (isOpen(pool.state())) {
                reasons.put(pool.state().name(), advance(view, pool));
            }
        }
        waiting = Map.copyOf(reasons);
    }

    private static boolean isOpen(PoolState state) {
        return state.pending().isPresent() || !state.settling().isEmpty();
    }

    private List<String> advance(ClusterView view, ClusterView.Versioned pool) {
        if (pool.corrupt()) {
            return List.of("the pool's node is corrupt: write a good value first");
        }
        Facts facts = view.facts(pool.state());
        return switch (Transitions.advance(pool.state(), facts, clock.millis())) {
            case Advance.Wait wait -> wait.reasons();
            case Advance.Write(PoolState next, String why) -> {
                // An old view may miss a director that has come since.
                if (view.current() && leadership.isMine()) {
                    write(next, pool.version(), why);
                }
                yield List.of();
            }
        };
    }

    private void write(PoolState next, int version, String why) {
        try {
            if (pools.compareAndSet(next, version)) {
                audit.record(
                        new AuditEvent(
                                clock.millis(),
                                id,
                                "advance",
                                next.name(),
                                why,
                                next.generation()));
            } else {
                log.atDebug().addKeyValue("pool", next.name()).log("reconciler.overtaken");
            }
        } catch (StoreException e) {
            log.atWarn().addKeyValue("pool", next.name()).setCause(e).log("reconciler.not_written");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
