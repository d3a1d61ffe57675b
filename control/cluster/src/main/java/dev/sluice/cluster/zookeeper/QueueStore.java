package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.transition.ChangeQueue;

import java.util.function.Consumer;

/**
 * Changes that wait their turn: one node per pool, made with the first of them. A node that does
 * not exist is an empty queue of version {@link #NO_NODE}.
 */
public final class QueueStore {
    /** The version of a queue that has no node yet. */
    public static final int NO_NODE = -1;

    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;
    private final EventLog events;

    QueueStore(WatchLoop loop, Nodes nodes, Layout layout, EventLog events) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
        this.events = events;
    }

    /** Sees a pool's queue now and from now on; {@link Seen.Gone} while there is no node. */
    public void watch(String pool, Consumer<Seen<ChangeQueue>> consumer) {
        loop.add(new NodeWatch<>(loop, layout.queue(pool), Codecs.CHANGE_QUEUE, consumer));
    }

    /** Blocks. {@link Seen.Gone}: nothing was ever queued. */
    public Seen<ChangeQueue> read(String pool) throws StoreException {
        return nodes.read(layout.queue(pool), Codecs.CHANGE_QUEUE);
    }

    /**
     * Blocks. One transaction: the queue, and what the audit log says about it. False: somebody
     * else wrote since; read again and decide again.
     *
     * @param version of the node that the decision was based on; {@link #NO_NODE}
     */
    public boolean compareAndSet(String pool, ChangeQueue next, int version, AuditEvent event)
            throws StoreException {
        byte[] bytes = Codecs.CHANGE_QUEUE.encode(next);
        Transaction transaction =
                version == NO_NODE
                        ? nodes.transaction().create(layout.queue(pool), bytes)
                        : nodes.transaction().set(layout.queue(pool), bytes, version);
        return events.commit(transaction, event);
    }
}
