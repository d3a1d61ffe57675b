package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codec;

import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.zookeeper.data.Stat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Watches the values of all children of a node, which may not exist yet. */
final class ChildrenWatch<T> implements Watch {
    private final WatchLoop loop;
    private final String parent;
    private final Codec<T> codec;
    private final Consumer<Seen<T>> consumer;
    private final CuratorWatcher onParent = event -> enqueueList();
    private final CuratorWatcher onChild =
            event -> {
                if (event.getPath() != null) {
                    enqueueChild(event.getPath());
                }
            };

    /** Child to the transaction that wrote the value delivered last. */
    private final Map<String, Long> delivered = new HashMap<>();

    /** Listed children that were not read yet. */
    private final Set<String> awaited = new HashSet<>();

    private long epoch;
    private long readEpoch;

    ChildrenWatch(WatchLoop loop, String parent, Codec<T> codec, Consumer<Seen<T>> consumer) {
        this.loop = loop;
        this.parent = parent;
        this.codec = codec;
        this.consumer = consumer;
    }

    private void enqueueList() {
        loop.enqueue(() -> list(false));
    }

    private void enqueueChild(String path) {
        loop.enqueue(() -> read(path.substring(path.lastIndexOf('/') + 1)));
    }

    @Override
    public void reread(long epoch) {
        this.epoch = epoch;
        awaited.clear();
        list(true);
    }

    @Override
    public boolean isCurrent(long epoch) {
        return readEpoch == epoch;
    }

    private void list(boolean all) {
        loop.read(
                cb ->
                        loop.client()
                                .getChildren()
                                .usingWatcher(onParent)
                                .inBackground(cb)
                                .forPath(parent),
                event -> onList(event, all));
    }

    private void onList(CuratorEvent event, boolean all) {
        if (!WatchLoop.exists(event)) {
            awaitParent();
            return;
        }
        List<String> names = event.getChildren();
        forgetMissing(new HashSet<>(names));
        for (String name : names) {
            if (all || !delivered.containsKey(name)) {
                awaited.add(name);
                read(name);
            }
        }
        checkCurrent();
    }

    private void awaitParent() {
        forgetMissing(Set.of());
        loop.read(
                cb ->
                        loop.client()
                                .checkExists()
                                .usingWatcher(onParent)
                                .inBackground(cb)
                                .forPath(parent),
                event -> {
                    if (WatchLoop.exists(event)) {
                        list(true);
                    } else {
                        checkCurrent();
                    }
                });
    }

    private void forgetMissing(Set<String> present) {
        awaited.retainAll(present);
        for (String name : List.copyOf(delivered.keySet())) {
            if (!present.contains(name)) {
                gone(name);
            }
        }
    }

    private void gone(String name) {
        if (delivered.remove(name) != null) {
            WatchLoop.deliver(consumer, new Seen.Gone<>(name));
        }
    }

    private void read(String name) {
        String path = parent + "/" + name;
        loop.read(
                cb -> loop.client().getData().usingWatcher(onChild).inBackground(cb).forPath(path),
                event -> onData(name, path, event));
    }

    private void onData(String name, String path, CuratorEvent event) {
        if (WatchLoop.exists(event)) {
            Stat stat = event.getStat();
            Long before = delivered.put(name, stat.getMzxid());
            if (before == null || before != stat.getMzxid()) {
                WatchLoop.deliver(
                        consumer,
                        NodeWatch.decode(codec, path, name, event.getData(), stat.getVersion()));
            }
        } else {
            gone(name);
        }
        awaited.remove(name);
        checkCurrent();
    }

    private void checkCurrent() {
        if (awaited.isEmpty()) {
            readEpoch = epoch;
        }
    }
}
