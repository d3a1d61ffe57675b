package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.transition.Change;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.zookeeper.PoolStore;
import dev.sluice.cluster.zookeeper.QueueStore;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.proto.admin.v1.PoolPhase;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Advances open changes, queues and failovers, on one virtual thread: looks at every pool whenever
 * something is seen and twice a second. Only the leader writes; every control process keeps the
 * reasons for waiting, for its status, and counts how long the votes have stood.
 */
final class Reconciler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration TICK = Duration.ofMillis(500);

    private final Observer observer;
    private final Basis.Reader reader;
    private final QueueCommands queueReader;
    private final PoolStore pools;
    private final QueueStore queues;
    private final BooleanSupplier leads;
    private final String id;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final PhaseWatch phases;
    private final Thread thread;

    /** Of the reconciler's thread. */
    private final Map<String, PoolSteps> steps = new HashMap<>();

    /** Written by the reconciler's thread, read by all. */
    private volatile Map<String, Waiting> waiting = Map.of();

    Reconciler(
            Observer observer,
            Basis.Reader reader,
            Stores stores,
            BooleanSupplier leads,
            String id,
            Clocks clocks,
            PhaseWatch phases) {
        this.observer = observer;
        this.reader = reader;
        this.queueReader = stores.queueReader();
        this.pools = stores.pools();
        this.queues = stores.queues();
        this.leads = leads;
        this.id = id;
        this.clock = clocks.wall();
        this.nanoTime = clocks.nanoTime();
        this.phases = phases;
        this.thread = Thread.ofVirtual().name("sluice-reconciler").unstarted(this::run);
    }

    /** Where it writes. */
    record Stores(PoolStore pools, QueueStore queues, QueueCommands queueReader) {}

    /**
     * @param wall stamps, and bounds waits across controllers
     * @param nanoTime how long votes have stood
     */
    record Clocks(InstantSource wall, LongSupplier nanoTime) {
        static final Clocks SYSTEM = new Clocks(InstantSource.system(), System::nanoTime);
    }

    /**
     * What a pool waits for.
     *
     * @param reasons of the open change, a failover and the queue, in words
     * @param failoverRefusal why proxies that cannot be reached stay in the view; else empty
     */
    record Waiting(List<String> reasons, String failoverRefusal, Lagging lagging) {
        static final Waiting NOTHING = new Waiting(List.of(), "", Lagging.NOBODY);
    }

    void start() {
        thread.start();
    }

    Waiting waitingFor(String pool) {
        return waiting.getOrDefault(pool, Waiting.NOTHING);
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
        Map<String, PoolPhase> now = new HashMap<>();
        view.pools().forEach((name, pool) -> now.put(name, StatusReport.phase(pool.state())));
        phases.observe(now, nanoTime.getAsLong());
        Map<String, Waiting> reasons = new HashMap<>();
        steps.keySet().retainAll(view.pools().keySet());
        view.pools()
                .forEach((name, pool) -> {
                    PoolSteps next = steps.computeIfAbsent(name, n -> new PoolSteps(id));
                    reasons.put(
                            name,
                            new Waiting(
                                    advance(view, pool, next),
                                    next.failoverRefusal(),
                                    next.lagging()));
                });
        waiting = Map.copyOf(reasons);
    }

    private List<String> advance(ClusterView view, ClusterView.Versioned pool, PoolSteps steps) {
        PoolState state = pool.state();
        if (pool.corrupt()) {
            return List.of(
                    "the pool's node is corrupt: 'sluice pool repair "
                            + state.name()
                            + "' writes the last good state again");
        }
        Optional<Change> failover =
                steps.observe(state, view.facts(state), clock.millis(), nanoTime.getAsLong());
        ChangeQueue queue = view.queues().getOrDefault(state.name(), ChangeQueue.EMPTY);
        return switch (steps.next(state, view.facts(state), queue, failover, clock.millis())) {
            case PoolSteps.Next.Wait(List<String> reasons) -> reasons;
            case PoolSteps.Next.Write due -> writeIfLeading(view, state.name(), steps, failover);
            case PoolSteps.Next.Forget due -> writeIfLeading(view, state.name(), steps, failover);
        };
    }

    private List<String> writeIfLeading(
            ClusterView view, String pool, PoolSteps steps, Optional<Change> failover) {
        if (view.current() && leads.getAsBoolean()) {
            try {
                write(pool, steps, failover);
            } catch (UnavailableException | StoreException e) {
                log.atWarn().addKeyValue("pool", pool).setCause(e).log("reconciler.not_written");
            }
        }
        return List.of();
    }

    /** What the view says is due is decided anew on what a write may be based on. */
    private void write(String pool, PoolSteps steps, Optional<Change> failover)
            throws UnavailableException, StoreException {
        QueueCommands.Versioned queue = queueReader.read(pool);
        Basis basis = reader.read(pool);
        switch (steps.next(basis.state(), basis.facts(), queue.queue(), failover, clock.millis())) {
            case PoolSteps.Next.Write(PoolState to, Optional<ChangeQueue> left, AuditEvent event) ->
                    told(
                            event,
                            left.isEmpty()
                                    ? pools.compareAndSet(to, basis.version(), event)
                                    : pools.compareAndSet(
                                            to,
                                            basis.version(),
                                            left.get(),
                                            queue.version(),
                                            event));
            case PoolSteps.Next.Forget(ChangeQueue left, AuditEvent event) ->
                    told(event, queues.compareAndSet(pool, left, queue.version(), event));
            case PoolSteps.Next.Wait overtaken -> {}
        }
    }

    private static void told(AuditEvent event, boolean written) {
        if (written) {
            Audit.logged(event);
        } else {
            log.atInfo().addKeyValue("subject", event.subject()).log("reconciler.overtaken");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
