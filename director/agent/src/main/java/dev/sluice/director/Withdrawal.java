package dev.sluice.director;

import dev.sluice.cluster.record.AuditEvent;
import dev.sluice.cluster.zookeeper.MemberStore;
import dev.sluice.cluster.zookeeper.StoreException;
import dev.sluice.datapath.DirectoryLock;
import dev.sluice.datapath.bpf.DatapathException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Takes a director host out of the routers' sight and puts that on record, so that changes no
 * longer wait for it (PROTOCOL rules 5, 12). Only for a host whose agent is dead.
 *
 * <p>The state directory's lock is the door between a withdrawal and a start: an agent has its pins
 * before it comes to the door, a withdrawal looks for such an agent behind the door. So of a hook
 * {@code down} and a hook {@code up} the agent's is always the last, and so is its record.
 */
final class Withdrawal {
    /** As long as the hook may take, and a write to ZooKeeper. */
    private static final Duration DOOR_PATIENCE = Duration.ofSeconds(30);

    private static final long NO_GENERATION = 0;

    private final DirectorConfig config;
    private final InstantSource clock = InstantSource.system();
    private final WithdrawnNote note;

    Withdrawal(DirectorConfig config) throws IOException {
        this.config = config;
        this.note = WithdrawnNote.in(config.node().state());
    }

    /** Blocks while a withdrawal is under way: for an agent that has its pins already. */
    static void awaitEnd(Path stateDirectory) throws IOException {
        door(stateDirectory).close();
    }

    private static DirectoryLock door(Path stateDirectory) throws IOException {
        try {
            return DirectoryLock.acquire(stateDirectory, DOOR_PATIENCE);
        } catch (DatapathException e) {
            throw new IOException("a withdrawal does not end: " + e.getMessage(), e);
        }
    }

    /**
     * Blocks. Empty: withdrawn and on record, or nobody has a record of it; otherwise what stands
     * against it, for people.
     *
     * @param actor who does it, for the audit log
     * @param why for the audit log
     */
    Optional<String> carryOut(MemberStore members, String actor, String why)
            throws IOException, InterruptedException {
        try (DirectoryLock _ = door(config.node().state())) {
            if (agentRuns()) {
                return Optional.of(
                        "director "
                                + config.node().id()
                                + " is running and would announce itself again: stop its process"
                                + " first (its packets go on), then withdraw");
            }
            return withdraw(members, actor, why);
        }
    }

    private Optional<String> withdraw(MemberStore members, String actor, String why)
            throws IOException, InterruptedException {
        note.write();
        Optional<String> failed = Hook.run(config.withdraw());
        return failed.isPresent() ? failed : putOnRecord(members, actor, why);
    }

    private Optional<String> putOnRecord(MemberStore members, String actor, String why) {
        String id = config.node().id();
        AuditEvent event =
                new AuditEvent(clock.millis(), actor, "director-withdraw", id, why, NO_GENERATION);
        String half = "withdrawn from the routers, but not on record; to be tried again: ";
        try {
            return members.withdrawDirector(id, event)
                    ? Optional.empty()
                    : Optional.of(half + "the record was changed meanwhile, or is corrupt");
        } catch (StoreException e) {
            return Optional.of(half + e.getMessage());
        }
    }

    /**
     * @throws IOException if it cannot be known
     */
    boolean agentRuns() throws IOException {
        try {
            return DirectoryLock.isHeld(config.node().datapath().pins());
        } catch (DatapathException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * What an agent must know that starts without ZooKeeper: nobody waits for this host, so that it
     * must not announce an old table.
     */
    static final class WithdrawnNote {
        private final Path file;

        private WithdrawnNote(Path file) {
            this.file = file;
        }

        static WithdrawnNote in(Path stateDirectory) throws IOException {
            Files.createDirectories(stateDirectory);
            return new WithdrawnNote(stateDirectory.resolve("withdrawn"));
        }

        boolean isThere() {
            return Files.exists(file);
        }

        void write() throws IOException {
            if (!isThere()) {
                Files.createFile(file);
            }
        }

        /** Once the record says otherwise. */
        void remove() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
