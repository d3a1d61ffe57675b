package dev.sluice.cluster.zookeeper;

import org.apache.zookeeper.ZooKeeper;

import java.util.concurrent.CountDownLatch;

/** Ends sessions from the outside, as ZooKeeper does when it has not heard of a client in time. */
public final class Sessions {
    private Sessions() {}

    /** Blocks until ZooKeeper has forgotten the session; the client finds out by itself. */
    public static void expire(ClusterStore store) throws Exception {
        ZooKeeper alive = store.curator().getZookeeperClient().getZooKeeper();
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper twin =
                new ZooKeeper(
                        store.curator().getZookeeperClient().getCurrentConnectionString(),
                        alive.getSessionTimeout(),
                        event -> connected.countDown(),
                        alive.getSessionId(),
                        alive.getSessionPasswd());
        connected.await();
        twin.close();
    }
}
