package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.OwnedRows;

import org.apache.zookeeper.CreateMode;

import java.util.function.Consumer;

/** Displaced rows reports: one node per pool and proxy, persistent. */
public final class OwnedRowsStore {
    private final WatchLoop loop;
    private final Nodes nodes;
    private final Layout layout;

    OwnedRowsStore(WatchLoop loop, Nodes nodes, Layout layout) {
        this.loop = loop;
        this.nodes = nodes;
        this.layout = layout;
    }

    /** Sees the reports of all proxies of a pool, which need not exist yet. */
    public void watch(String pool, Consumer<Seen<OwnedRows>> consumer) {
        loop.add(new ChildrenWatch<>(loop, layout.owned(pool), Codecs.OWNED_ROWS, consumer));
    }

    /** The proxy's own report on a pool. */
    public Published<OwnedRows> publish(String pool, String proxy) {
        return nodes.publish(
                layout.owned(pool) + "/" + proxy, CreateMode.PERSISTENT, Codecs.OWNED_ROWS);
    }
}
