package dev.sluice.cluster.zookeeper;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.CuratorWatcher;
import org.apache.zookeeper.KeeperException;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows the values of a node's children, outside of the cluster's own nodes too, on a virtual
 * thread that reads all of them whenever something changes. A connection that is lost is told, and
 * everything read again once it is back.
 */
public final class ChildValues implements AutoCloseable {
    private static final long RETRY_MS = 1_000;

    private final CuratorFramework client;
    private final String path;
    private final Consumer<View> consumer;
    private final Semaphore changes = new Semaphore(0);
    private final CuratorWatcher watcher = _ -> changes.release();
    private final Thread thread;

    /** What was seen last. */
    public sealed interface View {}

    /** Every child by its name. */
    public record Values(Map<String, byte[]> byName) implements View {}

    /**
     * Nothing can be said.
     *
     * @param why for people
     */
    public record Unknown(String why) implements View {}

    ChildValues(CuratorFramework client, String path, Consumer<View> consumer) {
        this.client = client;
        this.path = path;
        this.consumer = consumer;
        thread = Thread.ofVirtual().name("children of " + path).start(this::run);
    }

    private void run() {
        try {
            while (true) {
                changes.drainPermits();
                View view = read();
                consumer.accept(view);
                if (view instanceof Values) {
                    changes.acquire();
                } else {
                    changes.tryAcquire(RETRY_MS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private View read() throws InterruptedException {
        try {
            Map<String, byte[]> values = new TreeMap<>();
            for (String name : client.getChildren().usingWatcher(watcher).forPath(path)) {
                readChild(name, values);
            }
            return new Values(values);
        } catch (InterruptedException e) {
            throw e;
        } catch (KeeperException.NoNodeException e) {
            return new Unknown("there is no node " + path);
        } catch (Exception e) {
            return new Unknown("ZooKeeper did not list " + path + ": " + e.getMessage());
        }
    }

    private void readChild(String name, Map<String, byte[]> values) throws Exception {
        try {
            values.put(name, client.getData().usingWatcher(watcher).forPath(path + "/" + name));
        } catch (KeeperException.NoNodeException ignored) {
            // It has gone since: the list has changed, and is read again.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
