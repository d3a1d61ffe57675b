package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codec;
import dev.sluice.cluster.record.Decoded;

import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.zookeeper.data.Stat;

import java.util.function.Consumer;

/** Watches one node, which may not exist yet. */
final class NodeWatch<T> implements Watch {
    /** No transaction has this number: nothing was delivered yet. */
    private static final long NEVER = -1;

    /** What stands for the transaction of a node that does not exist. */
    private static final long ABSENT = -2;

    private final WatchLoop loop;
    private final String path;
    private final String name;
    private final Codec<T> codec;
    private final Consumer<Seen<T>> consumer;
    private final CuratorWatcher onEvent = event -> enqueueReread();
    private long epoch;
    private long readEpoch;
    private long deliveredZxid = NEVER;

    NodeWatch(WatchLoop loop, String path, Codec<T> codec, Consumer<Seen<T>> consumer) {
        this.loop = loop;
        this.path = path;
        this.name = path.substring(path.lastIndexOf('/') + 1);
        this.codec = codec;
        this.consumer = consumer;
    }

    private void enqueueReread() {
        loop.enqueue(() -> reread(epoch));
    }

    @Override
    public void reread(long epoch) {
        this.epoch = epoch;
        // exists() first: unlike getData() it leaves a watch on a node that is not there yet.
        loop.read(
                cb ->
                        loop.client()
                                .checkExists()
                                .usingWatcher(onEvent)
                                .inBackground(cb)
                                .forPath(path),
                this::onExists);
    }

    private void onExists(CuratorEvent event) {
        if (WatchLoop.exists(event)) {
            loop.read(cb -> loop.client().getData().inBackground(cb).forPath(path), this::onData);
        } else {
            onAbsent();
        }
    }

    private void onData(CuratorEvent event) {
        if (!WatchLoop.exists(event)) {
            onAbsent();
            return;
        }
        Stat stat = event.getStat();
        if (stat.getMzxid() != deliveredZxid) {
            deliveredZxid = stat.getMzxid();
            WatchLoop.deliver(
                    consumer, decode(codec, path, name, event.getData(), stat.getVersion()));
        }
        readEpoch = epoch;
    }

    private void onAbsent() {
        if (deliveredZxid != ABSENT) {
            deliveredZxid = ABSENT;
            WatchLoop.deliver(consumer, new Seen.Gone<>(name));
        }
        readEpoch = epoch;
    }

    @Override
    public boolean isCurrent(long epoch) {
        return readEpoch == epoch;
    }

    static <T> Seen<T> decode(Codec<T> codec, String path, String name, byte[] bytes, int version) {
        return switch (codec.decode(name, bytes)) {
            case Decoded.Good<T>(T value) -> new Seen.Value<>(name, value, version);
            case Decoded.Bad<T> bad ->
                    new Seen.Corrupt<>(name, new NodeProblem(path, bad.problem()));
        };
    }
}
