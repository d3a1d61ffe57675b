package dev.sluice.control;

import dev.sluice.cluster.zookeeper.ClusterStore;

import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/**
 * Which control process advances changes. Two may believe it for a moment: compare-and-set keeps
 * them apart then.
 */
final class Leadership implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    private static final long REFRESH_MS = 1000;

    private final LeaderLatch latch;

    /** Written by the reconciler's thread, read by all. */
    private volatile String leader = "";

    /** The reconciler's thread only. */
    private long refreshedUnixMs;

    Leadership(ClusterStore store, String id) {
        this.latch = store.leaderLatch(id);
        latch.addListener(
                new LeaderLatchListener() {
                    @Override
                    public void isLeader() {
                        log.atInfo().addKeyValue("control", id).log("leadership.gained");
                    }

                    @Override
                    public void notLeader() {
                        log.atInfo().addKeyValue("control", id).log("leadership.lost");
                    }
                });
    }

    void start() {
        try {
            latch.start();
        } catch (Exception e) {
            throw new IllegalStateException("leader latch", e);
        }
    }

    boolean isMine() {
        return latch.hasLeadership();
    }

    /** The id of the leading control process as of the last {@link #refresh}; empty = unknown. */
    String leader() {
        return leader;
    }

    /** Blocks; asks ZooKeeper at most once a second. */
    void refresh(long nowUnixMs) throws InterruptedException {
        if (Math.abs(nowUnixMs - refreshedUnixMs) < REFRESH_MS && isMine() == ownLeader()) {
            return;
        }
        refreshedUnixMs = nowUnixMs;
        try {
            leader = isMine() ? latch.getId() : latch.getLeader().getId();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            leader = "";
            log.atDebug().setCause(e).log("leadership.unknown");
        }
    }

    private boolean ownLeader() {
        return leader.equals(latch.getId());
    }

    @Override
    public void close() {
        try {
            latch.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("leadership.not_released");
        }
    }
}
