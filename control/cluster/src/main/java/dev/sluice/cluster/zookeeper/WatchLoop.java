package dev.sluice.cluster.zookeeper;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Owns all watches and calls all consumers, on one virtual thread that never blocks on ZooKeeper:
 * reads are asynchronous and their results, like watch and session events, come through the inbox.
 * The inbox is bounded by the number of watched nodes, since a ZooKeeper watch fires once.
 */
final class WatchLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WatchLoop.class);
    private static final long RETRY_MS = 200;

    private final CuratorFramework client;
    private final String root;
    private final List<Consumer<SessionEvent>> sessions = new ArrayList<>();
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private volatile @Nullable Thread thread;

    // Below: only the loop's thread.
    private final List<Watch> watches = new ArrayList<>();
    private final Queue<Runnable> retries = new ArrayDeque<>();
    private long epoch;
    private boolean connected;
    private boolean announced;

    WatchLoop(CuratorFramework client, String root) {
        this.client = client;
        this.root = root;
    }

    /** An asynchronous Curator call; it must hand the callback on. */
    interface Read {
        void start(BackgroundCallback callback) throws Exception;
    }

    void onSession(Consumer<SessionEvent> consumer) {
        inbox.add(() -> sessions.add(consumer));
    }

    void start() {
        client.getConnectionStateListenable()
                .addListener((c, state) -> inbox.add(() -> onState(state)));
        thread = Thread.ofVirtual().name("sluice-store").start(this::run);
    }

    CuratorFramework client() {
        return client;
    }

    /** Called by any thread. */
    void add(Watch watch) {
        inbox.add(() -> onAdd(watch));
    }

    /** Called by any thread: runs a task on the loop's. */
    void enqueue(Runnable task) {
        inbox.add(task);
    }

    private void run() {
        try {
            while (true) {
                Runnable next =
                        retries.isEmpty()
                                ? inbox.take()
                                : inbox.poll(RETRY_MS, TimeUnit.MILLISECONDS);
                if (next == null) {
                    retry();
                } else {
                    next.run();
                }
                announceIfReread();
            }
        } catch (InterruptedException e) {
            log.atDebug().log("store.closed");
        }
    }

    private void retry() {
        for (int left = retries.size(); left > 0; left--) {
            retries.remove().run();
        }
    }

    private void onAdd(Watch watch) {
        watches.add(watch);
        if (connected) {
            watch.reread(epoch);
        }
    }

    private void onState(ConnectionState state) {
        log.atInfo().addKeyValue("state", state).log("store.session");
        switch (state) {
            case CONNECTED, RECONNECTED -> onConnected();
            case SUSPENDED, READ_ONLY -> onDisconnected(new SessionEvent.Suspended());
            case LOST -> onDisconnected(new SessionEvent.Lost());
        }
    }

    private void onConnected() {
        connected = true;
        announced = false;
        epoch++;
        retries.clear();
        tell(new SessionEvent.Connected());
        // The server may be behind the one that we spoke to before.
        read(cb -> client.sync().inBackground(cb).forPath(root), event -> rereadAll());
    }

    private void rereadAll() {
        for (Watch watch : watches) {
            watch.reread(epoch);
        }
    }

    private void onDisconnected(SessionEvent event) {
        connected = false;
        retries.clear();
        tell(event);
    }

    private void announceIfReread() {
        if (connected && !announced && watches.stream().allMatch(w -> w.isCurrent(epoch))) {
            announced = true;
            tell(new SessionEvent.Reread(epoch));
        }
    }

    private void tell(SessionEvent event) {
        for (Consumer<SessionEvent> session : sessions) {
            deliver(session, event);
        }
    }

    /** A consumer's fault must not end the watches of the others. */
    @SuppressWarnings("CatchingUnchecked")
    static <E> void deliver(Consumer<E> consumer, E event) {
        try {
            consumer.accept(event);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("event", event).setCause(e).log("store.consumer_failed");
        }
    }

    /**
     * Loop thread only. Repeats the read until it succeeds or the connection changes; a node that
     * does not exist is a result.
     */
    void read(Read read, Consumer<CuratorEvent> then) {
        long issued = epoch;
        if (!connected) {
            return;
        }
        try {
            read.start((c, event) -> inbox.add(() -> onRead(issued, read, event, then)));
        } catch (Exception e) {
            log.atWarn().setCause(e).log("store.read_failed");
            retries.add(() -> read(read, then));
        }
    }

    private void onRead(long issued, Read read, CuratorEvent event, Consumer<CuratorEvent> then) {
        if (issued != epoch || !connected) {
            return;
        }
        KeeperException.Code code = KeeperException.Code.get(event.getResultCode());
        if (code == KeeperException.Code.OK || code == KeeperException.Code.NONODE) {
            then.accept(event);
        } else {
            log.atWarn()
                    .addKeyValue("path", event.getPath())
                    .addKeyValue("code", code)
                    .log("store.read_failed");
            retries.add(() -> read(read, then));
        }
    }

    static boolean exists(CuratorEvent event) {
        return event.getResultCode() == KeeperException.Code.OK.intValue();
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
