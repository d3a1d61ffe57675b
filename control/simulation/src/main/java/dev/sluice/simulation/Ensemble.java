package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** ZooKeeper, as far as Sluice uses it: versioned nodes, ephemerals of sessions, watches. */
final class Ensemble {
    /** A session without a heartbeat ends after this. */
    static final long SESSION_NANOS = Nanos.seconds(10);

    static final long PERSISTENT = 0;

    private final SortedMap<String, Node> nodes = new TreeMap<>();
    private final List<StoreClient> clients = new ArrayList<>();
    private @Nullable Consumer<PoolState> poolWatch;
    private long sessions;
    private long writes;

    /**
     * @param version grows by one with every write
     * @param writtenAt number of the write that made it
     * @param session whose ephemeral it is; {@link #PERSISTENT}
     */
    record Node(Object value, int version, long writtenAt, long session) {}

    /**
     * One write of a transaction.
     *
     * @param version that the node must have
     */
    record Compared(String path, Object value, int version) {}

    void attach(StoreClient client) {
        clients.add(client);
    }

    void detach(StoreClient client) {
        clients.remove(client);
    }

    /** Told of every state that the pool goes through, at once. */
    void watchPool(Consumer<PoolState> watch) {
        poolWatch = watch;
    }

    long newSession() {
        return ++sessions;
    }

    /** How often anybody wrote. */
    long writes() {
        return writes;
    }

    @Nullable Node read(String path) {
        return nodes.get(path);
    }

    List<String> paths() {
        return List.copyOf(nodes.keySet());
    }

    void put(String path, Object value, long session) {
        Node old = nodes.get(path);
        writes++;
        nodes.put(path, new Node(value, old == null ? 0 : old.version() + 1, writes, session));
        changed(path);
    }

    /** All or, if somebody else wrote one of them since, nothing. */
    boolean compareAndSet(List<Compared> transaction) {
        for (Compared write : transaction) {
            Node old = nodes.get(write.path());
            if (old == null || old.version() != write.version()) {
                return false;
            }
        }
        transaction.forEach(write -> put(write.path(), write.value(), PERSISTENT));
        return true;
    }

    void delete(String path) {
        if (nodes.remove(path) != null) {
            writes++;
            changed(path);
        }
    }

    /** Its ephemerals go; a process that never connected has no session. */
    void expire(long session) {
        if (session == PERSISTENT) {
            return;
        }
        for (String path : paths()) {
            Node node = nodes.get(path);
            if (node != null && node.session() == session) {
                delete(path);
            }
        }
    }

    private void changed(String path) {
        Node node = nodes.get(path);
        if (poolWatch != null && node != null && node.value() instanceof PoolState state) {
            poolWatch.accept(state);
        }
        for (StoreClient client : List.copyOf(clients)) {
            client.changed(path);
        }
    }
}
