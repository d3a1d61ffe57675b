package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.pool.PoolState;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.transition.ChangeQueue;

import java.util.List;
import java.util.function.Consumer;

/** Pool states: created once, then written by compare-and-set only. */
public final class PoolStore {
    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;

    PoolStore(WatchLoop loop, Nodes nodes, Layout layout) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
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
     * Blocks. The state and its queue in one transaction: both are written or neither. False:
     * somebody else wrote one of them since.
     *
     * @param version of the state's node that the decision was based on
     * @param queueVersion likewise of the queue's node, which exists
     */
    public boolean compareAndSet(
            PoolState next, int version, ChangeQueue queueNext, int queueVersion)
            throws StoreException {
        return nodes.compareAndSet(
                List.of(
                        new Nodes.Write(
                                layout.pool(next.name()), Codecs.POOL_STATE.encode(next), version),
                        new Nodes.Write(
                                layout.queue(next.name()),
                                Codecs.CHANGE_QUEUE.encode(queueNext),
                                queueVersion)));
    }
}
