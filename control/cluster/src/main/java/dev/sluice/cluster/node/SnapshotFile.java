package dev.sluice.cluster.node;

import dev.sluice.cluster.record.Codecs;
import dev.sluice.cluster.record.Decoded;
import dev.sluice.cluster.record.Snapshot;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A node's restart memory: the last states it worked with, in one file that is replaced whole.
 * Confined to the node's owner thread.
 */
public final class SnapshotFile {
    private static final Logger log = LoggerFactory.getLogger(SnapshotFile.class);
    private static final Snapshot NOTHING = new Snapshot(List.of(), Optional.empty());

    private final Path file;

    private SnapshotFile(Path file) {
        this.file = file;
    }

    /**
     * In the node's state directory, which is made if it is missing, for the owner only.
     *
     * @throws IOException if there can be no such directory
     */
    public static SnapshotFile in(Path stateDirectory) throws IOException {
        Files.createDirectories(
                stateDirectory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new SnapshotFile(stateDirectory.resolve("snapshot.pb"));
    }

    /** What was saved last; nothing if there is no file, or none that can be used (logged). */
    public Snapshot load() {
        try {
            Decoded<Snapshot> decoded =
                    Codecs.SNAPSHOT.decode("snapshot", Files.readAllBytes(file));
            return switch (decoded) {
                case Decoded.Good<Snapshot>(Snapshot snapshot) -> snapshot;
                case Decoded.Bad<Snapshot> bad -> unusable(bad.problem().toString());
            };
        } catch (NoSuchFileException e) {
            return NOTHING;
        } catch (IOException e) {
            return unusable(e.toString());
        }
    }

    /** Durable when it returns: written beside, synced, then put in place by a rename. */
    public void save(Snapshot snapshot) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(beside, Codecs.SNAPSHOT.encode(snapshot));
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Snapshot unusable(String why) {
        log.atError().addKeyValue("file", file).addKeyValue("why", why).log("snapshot.unusable");
        return NOTHING;
    }
}
