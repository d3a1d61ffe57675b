package dev.sluice.cluster.zookeeper;

import dev.sluice.cluster.record.Codec;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A node that this process keeps at its latest value: {@link #set} returns at once, a virtual
 * thread writes and repeats until ZooKeeper has it, values in between may be skipped. Written again
 * after every reconnect, so an ephemeral node outlives a lost session and a deleted record of a
 * living process comes back.
 *
 * <p>Two processes with one ephemeral node are an operator's mistake: the one that connected last
 * has it, the other logs {@code published.displaced} and stays silent until its next session.
 *
 * @param <T> the node's record
 */
public final class Published<T> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Published.class);
    private static final long RETRY_MS = 500;
    private static final long NO_SESSION = 0;

    private final CuratorFramework client;
    private final String path;
    private final CreateMode mode;
    private final Codec<T> codec;
    private final Consumer<Published<?>> onClose;
    private final ConnectionStateListener onState = (c, state) -> onState(state);
    private final Thread thread;

    /** Guards the fields below it. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private byte @Nullable [] wanted;
    private long wantedAt;
    private long writtenAt;
    private boolean displaced;
    private boolean resting;
    private boolean closed;

    /** Session in which this process made its ephemeral node; writer thread only. */
    private long ownSession = NO_SESSION;

    Published(
            CuratorFramework client,
            String path,
            CreateMode mode,
            Codec<T> codec,
            Consumer<Published<?>> onClose) {
        this.client = client;
        this.path = path;
        this.mode = mode;
        this.codec = codec;
        this.onClose = onClose;
        this.thread = Thread.ofVirtual().name("sluice-publish").unstarted(this::run);
        client.getConnectionStateListenable().addListener(onState);
        thread.start();
    }

    /** Any thread; never blocks on ZooKeeper. An unchanged value is not written again. */
    public void set(T value) {
        byte[] bytes = codec.encode(value);
        lock.lock();
        try {
            if (!Arrays.equals(bytes, wanted)) {
                wanted = bytes;
                wantedAt++;
                resting = false;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until ZooKeeper has the value set last; false when the time is over. */
    public boolean awaitWritten(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (writtenAt != wantedAt && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return writtenAt == wantedAt;
        } finally {
            lock.unlock();
        }
    }

    /** Stops publishing; the node stays until the session ends, a persistent one for good. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        client.getConnectionStateListenable().removeListener(onState);
        thread.interrupt();
        onClose.accept(this);
    }

    private void onState(ConnectionState state) {
        if (!state.isConnected()) {
            return;
        }
        lock.lock();
        try {
            if (wanted != null) {
                wantedAt++;
            }
            displaced = false;
            resting = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                writeOnce();
            }
        } catch (InterruptedException e) {
            log.atDebug().addKeyValue("path", path).log("published.closed");
        }
    }

    private void writeOnce() throws InterruptedException {
        byte[] bytes;
        long at;
        lock.lockInterruptibly();
        try {
            bytes = awaitWork();
            at = wantedAt;
        } finally {
            lock.unlock();
        }
        boolean written = tryWrite(bytes);
        lock.lockInterruptibly();
        try {
            if (written) {
                writtenAt = at;
                changed.signalAll();
            } else {
                resting = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. A rest after a failure ends early by a new value or a reconnect. */
    private byte[] awaitWork() throws InterruptedException {
        long rest = TimeUnit.MILLISECONDS.toNanos(RETRY_MS);
        while (true) {
            if (wanted == null || writtenAt == wantedAt || displaced) {
                changed.await();
            } else if (resting && rest > 0) {
                rest = changed.awaitNanos(rest);
            } else {
                resting = false;
                return wanted;
            }
        }
    }

    private boolean tryWrite(byte[] bytes) throws InterruptedException {
        try {
            return mode.isEphemeral() ? writeEphemeral(bytes) : writePersistent(bytes);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            log.atDebug().addKeyValue("path", path).setCause(e).log("published.not_written");
            return false;
        }
    }

    private boolean writePersistent(byte[] bytes) throws Exception {
        try {
            client.setData().forPath(path, bytes);
        } catch (KeeperException.NoNodeException e) {
            client.create().creatingParentsIfNeeded().withMode(mode).forPath(path, bytes);
        }
        return true;
    }

    private boolean writeEphemeral(byte[] bytes) throws Exception {
        Stat stat = client.checkExists().forPath(path);
        // After the first answer: before it there is no session, and its number is 0.
        long session = client.getZookeeperClient().getZooKeeper().getSessionId();
        if (stat != null && stat.getEphemeralOwner() != session) {
            if (ownSession == session) {
                onDisplaced();
                return false;
            }
            // Our own older session's, or that of a process we replace.
            client.delete().withVersion(stat.getVersion()).forPath(path);
            stat = null;
        }
        if (stat == null) {
            client.create().creatingParentsIfNeeded().withMode(mode).forPath(path, bytes);
        } else {
            client.setData().withVersion(stat.getVersion()).forPath(path, bytes);
        }
        ownSession = session;
        return true;
    }

    private void onDisplaced() {
        log.atError()
                .addKeyValue("path", path)
                .addKeyValue("why", "another process uses this id; give each its own")
                .log("published.displaced");
        lock.lock();
        try {
            displaced = true;
        } finally {
            lock.unlock();
        }
    }
}
