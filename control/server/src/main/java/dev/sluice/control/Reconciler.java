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
import java.util.function.BooleanSupplier;

/**
 * Advances open changes, on one virtual thread: looks at every pool whenever something is seen and
 * twice a second. Only the leader writes; every control process keeps the reasons for waiting, for
 * its status.
 */
final class Reconciler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final Observer observer;
    private final Basis.Reader reader;
    private final PoolStore pools;
    private final BooleanSupplier leads;
    private final String id;
    private final InstantSource clock;
    private final Thread thread;

    /** Written by the reconciler's thread, read by all. */
    private volatile Map<String, List<String>> waiting = Map.of();

    Reconciler(
            Observer observer,
            Basis.Reader reader,
            PoolStore pools,
            BooleanSupplier leads,
            String id,
            InstantSource clock) {
        this.observer = observer;
        this.reader = reader;
        this.pools = pools;
        this.leads = leads;
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
        return switch (next(pool.state(), view.facts(pool.state()))) {
            case Advance.Wait wait -> wait.reasons();
            case Advance.Write due -> {
                if (view.current() && leads.getAsBoolean()) {
                    write(pool.state().name());
                }
                yield List.of();
            }
        };
    }

    private Advance next(PoolState state, Facts facts) {
        return Transitions.advance(state, facts, clock.millis());
    }

    /** What the view says is due is decided anew on what a write may be based on. */
    private void write(String pool) {
        try {
            Basis basis = reader.read(pool);
            if (next(basis.state(), basis.facts())
                    instanceof Advance.Write(PoolState to, var why)) {
                AuditEvent event =
                        new AuditEvent(clock.millis(), id, "advance", pool, why, to.generation());
                if (pools.compareAndSet(to, basis.version(), event)) {
                    Audit.logged(event);
                } else {
                    log.atInfo().addKeyValue("pool", pool).log("reconciler.overtaken");
                }
            }
        } catch (UnavailableException | StoreException e) {
            log.atWarn().addKeyValue("pool", pool).setCause(e).log("reconciler.not_written");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
