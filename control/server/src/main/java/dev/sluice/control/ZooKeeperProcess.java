package dev.sluice.control;

import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.admin.AdminServer.AdminServerException;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One server of a ZooKeeper ensemble in this process, with ZooKeeper's own configuration file. For
 * labs and small sites: it is the same server that ZooKeeper's distribution starts.
 */
public final class ZooKeeperProcess {
    private static final Logger log = LoggerFactory.getLogger(ZooKeeperProcess.class);

    private ZooKeeperProcess() {}

    /**
     * Runs until the process is ended. A file without {@code server.N} lines is a server alone.
     *
     * @param file {@code zoo.cfg}: the format of ZooKeeper's administrator's guide
     * @return the exit code: 1 if it could not start, 2 for a bad file; the reason is on standard
     *     error
     */
    public static int run(Path file) {
        QuorumPeerConfig config = new QuorumPeerConfig();
        try {
            config.parse(file.toString());
        } catch (ConfigException e) {
            System.err.println(file + ": " + reason(e));
            return 2;
        }
        try {
            log.atInfo().addKeyValue("server", config.getServerId()).log("zookeeper.starts");
            serve(config);
            return 0;
        } catch (IOException | AdminServerException e) {
            System.err.println("the ZooKeeper server cannot run: " + e.getMessage());
            return 1;
        }
    }

    private static void serve(QuorumPeerConfig config) throws IOException, AdminServerException {
        if (config.isDistributed()) {
            new QuorumPeerMain().runFromConfig(config);
        } else {
            ServerConfig alone = new ServerConfig();
            alone.readFrom(config);
            new ZooKeeperServerMain().runFromConfig(alone);
        }
    }

    /** ZooKeeper wraps what it found wrong in the name of the file. */
    private static String reason(ConfigException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }
}
