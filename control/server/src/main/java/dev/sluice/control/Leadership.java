package dev.sluice.control;

import dev.sluice.cluster.zookeeper.ClusterStore;

import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;

/**
 * Which control process advances changes. Two may believe it for a moment: compare-and-set keeps
 * them apart then.
 */
final class Leadership implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Leadership.class);

    private static final Duration REFRESH = Duration.ofSeconds(1);

    private final LeaderLatch latch;
    private final Thread thread;

    /** Written by the own thread, read by all. */
    private volatile String other = "";

    Leadership(ClusterStore store, String id) {
        this.latch = store.leaderLatch(id);
        this.thread = Thread.ofVirtual().name("sluice-leadership").unstarted(this::run);
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
        thread.start();
    }

    boolean isMine() {
        return latch.hasLeadership();
    }

    /** The id of the leading control process as known a second ago; empty = unknown. */
    String leader() {
        return isMine() ? latch.getId() : other;
    }

    private void run() {
        try {
            while (true) {
                other = ask();
                Thread.sleep(REFRESH);
            }
        } catch (InterruptedException e) {
            log.atDebug().log("leadership.stopped");
        }
    }

    private String ask() throws InterruptedException {
        try {
            return latch.getLeader().getId();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            log.atDebug().setCause(e).log("leadership.unknown");
            return "";
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            latch.close();
        } catch (IOException e) {
            log.atWarn().setCause(e).log("leadership.not_released");
        }
    }
}
