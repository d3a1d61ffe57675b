package dev.sluice.director;

import dev.sluice.cluster.node.NodeConfig;
import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.record.DirectorRecord;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Published;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a director host out of the routers' sight and puts that on record, so that changes no
 * longer wait for it (PROTOCOL rule 5).
 *
 * <p>Only for a director whose process is stopped: a running one would announce itself again. The
 * next start of the process undoes it.
 */
final class Withdrawal {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DirectorConfig config;

    Withdrawal(DirectorConfig config) {
        this.config = config;
    }

    /** Blocks. Empty: withdrawn and on record; otherwise what stands against it, for people. */
    Optional<String> carryOut() throws IOException, InterruptedException {
        try (ClusterStore store = ClusterStore.of(config.node().store()).start()) {
            if (!store.awaitConnected(PATIENCE)) {
                return Optional.of(
                        "ZooKeeper at "
                                + config.node().store().zookeeper()
                                + " does not answer: without it the withdrawal cannot be put on"
                                + " record");
            }
            Optional<String> running = refuseIfRunning(store);
            return running.isPresent() ? running : withdraw(store);
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Optional<String> refuseIfRunning(ClusterStore store) throws StoreException {
        return store.members().readDirectorMember(config.node().id())
                        instanceof Seen.Gone<DirectorMember>
                ? Optional.empty()
                : Optional.of(
                        "director "
                                + config.node().id()
                                + " is running and would announce itself again: stop its process"
                                + " first (its packets go on), wait 10 s for its session to end,"
                                + " then withdraw");
    }

    private Optional<String> withdraw(ClusterStore store)
            throws StoreException, InterruptedException {
        Optional<String> failed = Hook.run(config.withdraw());
        if (failed.isPresent()) {
            return failed;
        }
        NodeConfig node = config.node();
        Map<String, Long> acknowledged =
                store.members().readDirector(node.id()) instanceof Seen.Value<DirectorRecord> seen
                        ? seen.value().acknowledged()
                        : Map.of();
        try (Published<DirectorRecord> record = store.members().publishDirector(node.id())) {
            record.set(new DirectorRecord(node.id(), node.address(), acknowledged, true));
            return record.awaitWritten(PATIENCE)
                    ? Optional.empty()
                    : Optional.of(
                            "withdrawn from the routers, but ZooKeeper did not take the record:"
                                    + " run this again");
        }
    }
}
