package dev.sluice.control;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.ConfigRevision;
import dev.sluice.cluster.record.ConfigRollout;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.record.OwnedRows;
import dev.sluice.cluster.record.ProxyMember;
import dev.sluice.cluster.transition.ChangeQueue;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.NodeProblem;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.SessionEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Keeps the last good value of everything the store sees, and publishes it as an immutable {@link
 * ClusterView}. The maps belong to the store's thread; readers take the view.
 */
final class Observer {
    private static final Logger log = LoggerFactory.getLogger(Observer.class);
    private static final String SESSION = "session";

    private final ClusterStore store;

    /** Guards the view's publication to waiting readers. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();

    // Below: only the store's thread.
    private final TreeMap<String, ClusterView.Versioned> pools = new TreeMap<>();
    private final TreeMap<String, DirectorRecord> directors = new TreeMap<>();
    private final TreeMap<String, DirectorMember> directorMembers = new TreeMap<>();
    private final TreeMap<String, ProxyMember> proxyMembers = new TreeMap<>();
    private final Map<String, TreeMap<String, OwnedRows>> owned = new HashMap<>();
    private final Map<String, ChangeQueue> queues = new HashMap<>();
    private final TreeMap<String, String> problems = new TreeMap<>();
    private final Set<String> watchedPools = new HashSet<>();
    private Optional<ConfigRollout> rollout = Optional.empty();
    private Optional<ConfigRevision> active = Optional.empty();
    private boolean connected;
    private boolean current;

    /** Written by the store's thread, read by all. */
    private volatile ClusterView view;

    Observer(ClusterStore store) {
        this.store = store;
        this.view = build(0);
    }

    /** Before the store starts. */
    void subscribe() {
        store.onSession(this::onSession);
        store.pools().watch(this::onPool);
        store.members().watchDirectors(keep("directors", directors));
        store.members().watchDirectorMembers(keep("members/directors", directorMembers));
        store.members().watchProxyMembers(keep("members/proxies", proxyMembers));
        store.config()
                .watchRollout(seen -> onSingle("config/rollout", seen, value -> rollout = value));
        store.config()
                .watchActive(seen -> onSingle("config/active", seen, value -> active = value));
    }

    ClusterView view() {
        return view;
    }

    /** Blocks until the view is newer than the one given, or the time is over. */
    ClusterView awaitNewer(ClusterView known, Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (view.number() <= known.number() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return view;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until the view is current, or the time is over. */
    ClusterView awaitCurrent(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (!view.current() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return view;
        } finally {
            lock.unlock();
        }
    }

    private void onSession(SessionEvent event) {
        switch (event) {
            case SessionEvent.Connected() -> {
                connected = true;
                current = false;
                store.sessionProblem()
                        .ifPresentOrElse(this::complainOfSession, () -> problems.remove(SESSION));
            }
            case SessionEvent.Reread(long epoch) -> current = true;
            case SessionEvent.Suspended(), SessionEvent.Lost() -> {
                connected = false;
                current = false;
            }
        }
        publish();
    }

    private void complainOfSession(String problem) {
        if (!problem.equals(problems.put(SESSION, problem))) {
            log.atWarn().addKeyValue("problem", problem).log("session.granted_otherwise");
        }
    }

    private void onPool(Seen<PoolState> seen) {
        String key = "pools/" + seen.name();
        switch (seen) {
            case Seen.Value<PoolState>(String name, PoolState state, int version) -> {
                pools.put(name, new ClusterView.Versioned(state, version, false));
                watchReports(name);
                problems.remove(key);
            }
            case Seen.Corrupt<PoolState>(String name, NodeProblem problem) -> {
                pools.computeIfPresent(
                        name,
                        (n, old) -> new ClusterView.Versioned(old.state(), old.version(), true));
                refuse(key, problem);
            }
            case Seen.Gone<PoolState>(String name) -> {
                pools.remove(name);
                problems.remove(key);
            }
        }
        publish();
    }

    /** Watches last as long as the store; a pool that is founded again has the same ones. */
    private void watchReports(String pool) {
        if (watchedPools.add(pool)) {
            TreeMap<String, OwnedRows> reports = new TreeMap<>();
            owned.put(pool, reports);
            store.ownedRows().watch(pool, keep("pools/" + pool + "/owned", reports));
            store.queues()
                    .watch(
                            pool,
                            seen ->
                                    onSingle(
                                            "pools/" + pool + "/queue",
                                            seen,
                                            queue -> keep(pool, queue)));
        }
    }

    private void keep(String pool, Optional<ChangeQueue> queue) {
        queue.ifPresentOrElse(q -> queues.put(pool, q), () -> queues.remove(pool));
    }

    private <T> Consumer<Seen<T>> keep(String parent, Map<String, T> values) {
        return seen -> {
            String key = parent + "/" + seen.name();
            switch (seen) {
                case Seen.Value<T>(String name, T value, int version) -> {
                    values.put(name, value);
                    problems.remove(key);
                }
                case Seen.Corrupt<T>(String name, NodeProblem problem) -> refuse(key, problem);
                case Seen.Gone<T>(String name) -> {
                    values.remove(name);
                    problems.remove(key);
                }
            }
            publish();
        };
    }

    private <T> void onSingle(String key, Seen<T> seen, Consumer<Optional<T>> keeper) {
        switch (seen) {
            case Seen.Value<T>(String name, T value, int version) -> {
                keeper.accept(Optional.of(value));
                problems.remove(key);
            }
            case Seen.Corrupt<T>(String name, NodeProblem problem) -> refuse(key, problem);
            case Seen.Gone<T>(String name) -> {
                keeper.accept(Optional.empty());
                problems.remove(key);
            }
        }
        publish();
    }

    private void refuse(String key, NodeProblem problem) {
        String text = problem.toString();
        if (!text.equals(problems.put(key, text))) {
            log.atError()
                    .addKeyValue("node", problem.path())
                    .addKeyValue("problem", problem.problem())
                    .log("node.refused");
        }
    }

    private void publish() {
        lock.lock();
        try {
            view = build(view.number() + 1);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private ClusterView build(long number) {
        Map<String, Map<String, OwnedRows>> reports = new HashMap<>();
        owned.forEach((pool, rows) -> reports.put(pool, Map.copyOf(rows)));
        return new ClusterView(
                number,
                connected,
                current,
                copy(pools),
                copy(directors),
                copy(directorMembers),
                copy(proxyMembers),
                Map.copyOf(reports),
                Map.copyOf(queues),
                rollout,
                active,
                copy(problems));
    }

    private static <V> SortedMap<String, V> copy(SortedMap<String, V> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
