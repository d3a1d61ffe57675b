package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.transition.ChangeQueue;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Pool states: created once, then written by compare-and-set only. */
public final class PoolStore {
    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;
    private final EventLog events;

    PoolStore(WatchLoop loop, Nodes nodes, Layout layout, EventLog events) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
        this.events = events;
    }

    /** Sees every pool now and from now on. */
    public void watch(Consumer<Seen<PoolState>> consumer) {
        loop.add(new ChildrenWatch<>(loop, layout.pools(), Codecs.POOL_STATE, consumer));
    }

    /** Blocks. */
    public Seen<PoolState> read(String pool) throws StoreException {
        return nodes.read(layout.pool(pool), Codecs.POOL_STATE);
    }

    /** Blocks. */
    public List<String> names() throws StoreException {
        return nodes.children(layout.pools()).stream().sorted().toList();
    }

    /** Blocks. False: the pool exists, and stays as it is. */
    public boolean create(PoolState state) throws StoreException {
        return nodes.create(layout.pool(state.name()), Codecs.POOL_STATE.encode(state));
    }

    /** Blocks. How many pools were founded; to be read before what a founding depends on. */
    public int founded() throws StoreException {
        nodes.ensure(layout.pools());
        return nodes.version(layout.pools());
    }

    /**
     * Blocks. The same with what the audit log says about it, and only if no other pool was founded
     * since: a new pool's binds must not be another's, too.
     *
     * @param founded that the decision was based on
     */
    public boolean create(PoolState state, int founded, AuditEvent event) throws StoreException {
        Transaction founding =
                nodes.transaction()
                        .create(layout.pool(state.name()), Codecs.POOL_STATE.encode(state))
                        .set(layout.pools(), new byte[0], founded);
        return events.commit(founding, event);
    }

    /**
     * Blocks. False: somebody else wrote since; read again and decide again.
     *
     * @param version of the node that the decision was based on
     */
    public boolean compareAndSet(PoolState next, int version) throws StoreException {
        return nodes.compareAndSet(
                layout.pool(next.name()), Codecs.POOL_STATE.encode(next), version);
    }

    /**
     * Blocks. One transaction: the state, and what the audit log says about it. False: somebody
     * else wrote since; read again and decide again.
     *
     * @param version of the node that the decision was based on
     */
    public boolean compareAndSet(PoolState next, int version, AuditEvent event)
            throws StoreException {
        return events.commit(set(next, version), event);
    }

    /**
     * Blocks. The same with the pool's queue: all is written or nothing.
     *
     * @param queueVersion of the queue's node that the decision was based on; it exists
     */
    public boolean compareAndSet(
            PoolState next, int version, ChangeQueue queue, int queueVersion, AuditEvent event)
            throws StoreException {
        Transaction both =
                set(next, version)
                        .set(
                                layout.queue(next.name()),
                                Codecs.CHANGE_QUEUE.encode(queue),
                                queueVersion);
        return events.commit(both, event);
    }

    /**
     * Blocks. One transaction, like {@link #compareAndSet}, over a node that holds no good state:
     * false if it does.
     */
    public boolean overwriteCorrupt(PoolState next, AuditEvent event) throws StoreException {
        OptionalInt version = nodes.corruptVersion(layout.pool(next.name()), Codecs.POOL_STATE);
        return version.isPresent() && events.commit(set(next, version.getAsInt()), event);
    }

    private Transaction set(PoolState next, int version) throws StoreException {
        return nodes.transaction()
                .set(layout.pool(next.name()), Codecs.POOL_STATE.encode(next), version);
    }
}
