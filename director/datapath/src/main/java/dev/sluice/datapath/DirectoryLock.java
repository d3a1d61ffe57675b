package dev.sluice.datapath;

import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.datapath.bpf.Fd;
import dev.sluice.datapath.bpf.Libc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One process at a time has a folder: a {@code flock(2)} on the folder itself, so that it works on
 * a BPF file system too, and the kernel releases it however the process ends.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final long POLL_NANOS = 20_000_000;

    private final Fd file;

    private DirectoryLock(Fd file) {
        this.file = file;
    }

    /**
     * Waits for whoever has it to leave.
     *
     * @throws DatapathException if it is still there after that time, or the folder is missing
     */
    public static DirectoryLock acquire(Path directory, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<DirectoryLock> lock = tryAcquire(directory);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() - end > 0) {
                throw new DatapathException(
                        directory + " is in use by " + holderInWords(directory));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Empty: somebody has it. */
    public static Optional<DirectoryLock> tryAcquire(Path directory) {
        Fd file = Libc.openReadOnly(directory.toString());
        try {
            Path opened = Path.of("/proc/self/fd", String.valueOf(file.number()));
            // Removed and made again between the opening and the locking: not the same folder.
            if (Libc.tryLock(file, false) && inode(opened).equals(inode(directory))) {
                return Optional.of(new DirectoryLock(file));
            }
        } catch (IOException e) {
            file.close();
            throw new DatapathException(directory + " was removed", e);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
        file.close();
        return Optional.empty();
    }

    /** Whether somebody has it now; nobody has a folder that is not there. */
    public static boolean isHeld(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        // Shared, so that two who look do not see each other.
        try (Fd file = Libc.openReadOnly(directory.toString())) {
            return !Libc.tryLock(file, true);
        }
    }

    private static String holderInWords(Path directory) {
        OptionalLong holder = holder(directory);
        return holder.isPresent()
                ? "process " + holder.getAsLong() + ": end that one first"
                : "another process: end that one first";
    }

    /** The process that has it, if this process may know. */
    public static OptionalLong holder(Path directory) {
        try {
            String place = place(directory);
            return Files.readAllLines(LOCKS).stream()
                    .map(line -> line.split(" +", -1))
                    .filter(words -> words.length > 5 && words[1].equals("FLOCK"))
                    .filter(words -> words[5].equals(place))
                    .mapToLong(words -> Long.parseLong(words[4]))
                    .filter(pid -> pid > 0)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** As /proc/locks has it: major, minor and inode. */
    private static String place(Path directory) throws IOException {
        long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
        long major = device >> 8 & 0xfff;
        long minor = (device & 0xff) | (device >> 12 & 0xfff00);
        return "%02x:%02x:%s".formatted(major, minor, inode(directory));
    }

    private static Object inode(Path directory) throws IOException {
        return Files.getAttribute(directory, "unix:ino");
    }

    @Override
    public void close() {
        file.close();
    }
}
