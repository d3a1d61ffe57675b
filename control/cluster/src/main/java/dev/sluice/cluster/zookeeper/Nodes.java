package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codec;
import dev.sluice.cluster.record.Decoded;

import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Blocking reads and writes of single nodes. */
final class Nodes implements AutoCloseable {
    private final CuratorFramework client;
    private final WriteGate gate;
    private final Set<Published<?>> published = ConcurrentHashMap.newKeySet();

    Nodes(CuratorFramework client, WriteGate gate) {
        this.client = client;
        this.gate = gate;
    }

    /** A step that may fail in Curator's way. */
    interface Call<R> {
        R run() throws Exception;
    }

    CuratorFramework client() {
        return client;
    }

    <T> Published<T> publish(String path, CreateMode mode, Codec<T> codec) {
        Published<T> publisher = new Published<>(client, path, mode, codec, published::remove);
        published.add(publisher);
        return publisher;
    }

    <T> Seen<T> read(String path, Codec<T> codec) throws StoreException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return call(
                "read " + path,
                () -> {
                    try {
                        Stat stat = new Stat();
                        byte[] bytes = client.getData().storingStatIn(stat).forPath(path);
                        return NodeWatch.decode(codec, path, name, bytes, stat.getVersion());
                    } catch (KeeperException.NoNodeException e) {
                        return new Seen.Gone<>(name);
                    }
                });
    }

    /** As they are; empty if there is no node. */
    Optional<byte[]> bytes(String path) throws StoreException {
        return call(
                "read " + path,
                () -> {
                    try {
                        return Optional.of(client.getData().forPath(path));
                    } catch (KeeperException.NoNodeException e) {
                        return Optional.empty();
                    }
                });
    }

    /** The version of a node whose value must not be used; empty if it is good or not there. */
    OptionalInt corruptVersion(String path, Codec<?> codec) throws StoreException {
        return call(
                "read " + path,
                () -> {
                    try {
                        Stat stat = new Stat();
                        byte[] bytes = client.getData().storingStatIn(stat).forPath(path);
                        String name = path.substring(path.lastIndexOf('/') + 1);
                        return codec.decode(name, bytes) instanceof Decoded.Bad<?>
                                ? OptionalInt.of(stat.getVersion())
                                : OptionalInt.empty();
                    } catch (KeeperException.NoNodeException e) {
                        return OptionalInt.empty();
                    }
                });
    }

    /** Parents are made as needed. False: it exists already. */
    boolean create(String path, byte[] bytes) throws StoreException {
        return write(
                "create " + path,
                () -> {
                    try {
                        client.create().creatingParentsIfNeeded().forPath(path, bytes);
                        return true;
                    } catch (KeeperException.NodeExistsException e) {
                        return false;
                    }
                });
    }

    /** Gone with this session. False: it exists already. */
    boolean createEphemeral(String path, byte[] bytes) throws StoreException {
        return write(
                "create " + path,
                () -> {
                    try {
                        client.create()
                                .creatingParentsIfNeeded()
                                .withMode(CreateMode.EPHEMERAL)
                                .forPath(path, bytes);
                        return true;
                    } catch (KeeperException.NodeExistsException e) {
                        return false;
                    }
                });
    }

    /** False: somebody else wrote since that version, or the node is gone. */
    boolean compareAndSet(String path, byte[] bytes, int version) throws StoreException {
        return transaction().set(path, bytes, version).commit();
    }

    Transaction transaction() {
        return new Transaction(this);
    }

    /** Makes an empty node and its parents, unless it is there. */
    void ensure(String path) throws StoreException {
        if (call("look for " + path, () -> client.checkExists().forPath(path)) == null) {
            create(path, new byte[0]);
        }
    }

    String createSequential(String prefix, byte[] bytes) throws StoreException {
        return write(
                "append to " + prefix,
                () ->
                        client.create()
                                .creatingParentsIfNeeded()
                                .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                                .forPath(prefix, bytes));
    }

    /** Of a node that is there: how many times it was written. */
    int version(String path) throws StoreException {
        return call(
                "read " + path,
                () -> {
                    Stat stat = new Stat();
                    client.getData().storingStatIn(stat).forPath(path);
                    return stat.getVersion();
                });
    }

    List<String> children(String path) throws StoreException {
        return call(
                "list " + path,
                () -> {
                    try {
                        return client.getChildren().forPath(path);
                    } catch (KeeperException.NoNodeException e) {
                        return List.of();
                    }
                });
    }

    /** False: it did not exist. */
    boolean delete(String path) throws StoreException {
        return write(
                "delete " + path,
                () -> {
                    try {
                        client.delete().forPath(path);
                        return true;
                    } catch (KeeperException.NoNodeException e) {
                        return false;
                    }
                });
    }

    /** Everything that writes, except what is {@link #publish published}, goes through here. */
    <R> R write(String what, Call<R> call) throws StoreException {
        return call(
                what,
                "; it may come about all the same",
                () -> {
                    gate.beforeWrite(what);
                    return call.run();
                });
    }

    static <R> R call(String what, Call<R> call) throws StoreException {
        return call(what, "", call);
    }

    /**
     * @param unless what else may be, for people
     */
    private static <R> R call(String what, String unless, Call<R> call) throws StoreException {
        try {
            return call.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted: " + what, e);
        } catch (Exception e) {
            throw new StoreException(
                    "ZooKeeper did not " + what + ": " + e.getMessage() + unless, e);
        }
    }

    @Override
    public void close() {
        published.forEach(Published::close);
    }
}
