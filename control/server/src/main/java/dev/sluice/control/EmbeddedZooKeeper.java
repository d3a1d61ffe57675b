package dev.sluice.control;

import dev.sluice.cluster.config.HostPort;

import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The real ZooKeeper server, alone, in this process: for labs, tests and trials. Its data is on
 * disk and survives a restart; it does not survive the loss of its host, so production runs an
 * ensemble.
 */
final class EmbeddedZooKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedZooKeeper.class);

    private static final int TICK_MS = 1000;

    /** Of one client address: a lab's hosts have one address each, a test has one for all. */
    private static final int MAX_CLIENT_CONNECTIONS = 500;

    private static final int MAX_CONNECTIONS = 5000;

    private static final int DEFAULT_BACKLOG = -1;
    private static final int KEPT_SNAPSHOTS = 5;
    private static final int PURGE_HOURS = 1;

    private final ServerCnxnFactory factory;
    private final DatadirCleanupManager cleanup;

    private EmbeddedZooKeeper(ServerCnxnFactory factory, DatadirCleanupManager cleanup) {
        this.factory = factory;
        this.cleanup = cleanup;
    }

    /** Serves before it returns. */
    static EmbeddedZooKeeper start(HostPort listen, Path data)
            throws IOException, InterruptedException {
        // No four-letter commands: they answer anybody, unauthenticated.
        System.setProperty("zookeeper.4lw.commands.whitelist", "");
        System.setProperty("zookeeper.maxCnxns", Integer.toString(MAX_CONNECTIONS));
        Files.createDirectories(data);
        FileTxnSnapLog disk = new FileTxnSnapLog(data.toFile(), data.toFile());
        ZooKeeperServer server = new ZooKeeperServer(disk, TICK_MS, "");
        ServerCnxnFactory factory =
                ServerCnxnFactory.createFactory(
                        listen.inet(), MAX_CLIENT_CONNECTIONS, DEFAULT_BACKLOG);
        factory.startup(server);
        DatadirCleanupManager cleanup =
                new DatadirCleanupManager(
                        data.toFile(), data.toFile(), KEPT_SNAPSHOTS, PURGE_HOURS);
        cleanup.start();
        log.atInfo()
                .addKeyValue("listen", listen)
                .addKeyValue("data", data)
                .log("zookeeper.started");
        return new EmbeddedZooKeeper(factory, cleanup);
    }

    int port() {
        return factory.getLocalPort();
    }

    @Override
    public void close() {
        cleanup.shutdown();
        factory.shutdown();
        log.atInfo().log("zookeeper.stopped");
    }
}
