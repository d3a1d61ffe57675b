package dev.sluice.director;

import dev.sluice.cluster.record.DirectorMember;
import dev.sluice.cluster.zookeeper.ClusterStore;
import dev.sluice.cluster.zookeeper.Seen;
import dev.sluice.cluster.zookeeper.StoreException;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** An operator withdraws a director whose process is stopped; its next start undoes it. */
final class WithdrawCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DirectorConfig config;

    WithdrawCommand(DirectorConfig config) {
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
            Optional<String> running = refuseIfPresent(store);
            return running.isPresent()
                    ? running
                    : new Withdrawal(config)
                            .carryOut(store.members(), user(), "by an operator on its host");
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** As the process says: it has root, so nothing could be kept from it. */
    private static String user() {
        String sudo = System.getenv("SUDO_USER");
        return sudo == null ? System.getProperty("user.name") : sudo;
    }

    /** On this host the pins tell at once; the record tells of a process on another one. */
    private Optional<String> refuseIfPresent(ClusterStore store) throws StoreException {
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
}
