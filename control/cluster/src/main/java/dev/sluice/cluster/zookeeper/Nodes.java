package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codec;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Blocking reads and writes of single nodes. */
final class Nodes implements AutoCloseable {
    private final CuratorFramework client;
    private final Set<Published<?>> published = ConcurrentHashMap.newKeySet();

    Nodes(CuratorFramework client) {
        this.client = client;
    }

    /** A step that may fail in Curator's way. */
    private interface Call<R> {
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

    /** Parents are made as needed. False: it exists already. */
    boolean create(String path, byte[] bytes) throws StoreException {
        return call(
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

    /** False: somebody else wrote since that version, or the node is gone. */
    boolean compareAndSet(String path, byte[] bytes, int version) throws StoreException {
        return call(
                "write " + path,
                () -> {
                    try {
                        client.setData().withVersion(version).forPath(path, bytes);
                        return true;
                    } catch (KeeperException.BadVersionException
                            | KeeperException.NoNodeException e) {
                        return false;
                    }
                });
    }

    /**
     * One write of a transaction.
     *
     * @param version that the node must have
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Write(String path, byte[] bytes, int version) {}

    /** All or none. False: somebody else wrote one of them since, or it is gone. */
    boolean compareAndSet(List<Write> writes) throws StoreException {
        List<CuratorOp> operations = new ArrayList<>();
        for (Write write : writes) {
            operations.add(
                    call(
                            "prepare " + write.path(),
                            () ->
                                    client.transactionOp()
                                            .setData()
                                            .withVersion(write.version())
                                            .forPath(write.path(), write.bytes())));
        }
        return call(
                "write " + String.join(", ", writes.stream().map(Write::path).toList()),
                () -> {
                    try {
                        client.transaction().forOperations(operations);
                        return true;
                    } catch (KeeperException.BadVersionException
                            | KeeperException.NoNodeException e) {
                        return false;
                    }
                });
    }

    String createSequential(String prefix, byte[] bytes) throws StoreException {
        return call(
                "append to " + prefix,
                () ->
                        client.create()
                                .creatingParentsIfNeeded()
                                .withMode(CreateMode.PERSISTENT_SEQUENTIAL)
                                .forPath(prefix, bytes));
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
        return call(
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

    private static <R> R call(String what, Call<R> call) throws StoreException {
        try {
            return call.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted: " + what, e);
        } catch (Exception e) {
            throw new StoreException("ZooKeeper did not " + what + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        published.forEach(Published::close);
    }
}
