package dev.sluice.engine.buffer;

import dev.sluice.cluster.l7.L7Config.Buffers;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The files and accounts of an engine's buffered requests. Files have no name for longer than a
 * moment: the kernel frees them whatever becomes of the process. Thread-safe.
 */
public final class BufferStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BufferStore.class);

    /** A disk serves few at a time; event loops never wait for one. */
    private static final int THREADS = 4;

    private static final long IDLE_SECONDS = 30;
    private static final String SUFFIX = ".request";

    private final Path directory;
    private final ExecutorService disk;
    private final Account memory = new Account();
    private final Account file = new Account();
    private final LongAdder files = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder crowdedOut = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * Looks at the directory only when {@link #prepare()} is called.
     *
     * @param disk does the work that waits for files; closed with the store
     */
    public BufferStore(Path directory, ExecutorService disk) {
        this.directory = directory;
        this.disk = disk;
    }

    /** With threads for the disk, while there is work for them. */
    public static BufferStore in(Path directory) {
        // The queue is bounded by the requests: each has one piece of work at a time.
        ThreadPoolExecutor disk =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        new DefaultThreadFactory("sluice-buffer", true));
        disk.allowCoreThreadTimeOut(true);
        return new BufferStore(directory, disk);
    }

    /**
     * Makes sure that files can be made, and removes what a process left behind that died within
     * the moment. Blocks.
     *
     * @return what is wrong; empty if all is well
     */
    public Optional<String> prepare() {
        try {
            Files.createDirectories(directory, permissions("rwx------"));
            sweep();
            open().close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("no file can be made in " + directory + ": " + e);
        }
    }

    /** Another process may be about to do the same to its own: it does not mind. */
    private void sweep() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, '*' + SUFFIX)) {
            for (Path path : left) {
                Files.deleteIfExists(path);
            }
        }
    }

    private FileChannel open() throws IOException {
        // On Unix this option unlinks the file as soon as it is open.
        return FileChannel.open(
                directory.resolve(UUID.randomUUID() + SUFFIX),
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    /** For a request, by the limits of its configuration. */
    public Share share(Buffers limits) {
        return new Share(memory, file, limits);
    }

    /** A file that is made with its first byte. */
    public SpoolFile file(EventLoop loop, SpoolFile.User user) {
        return new SpoolFile(this::opened, this::closed, disk, loop, user);
    }

    private FileChannel opened() throws IOException {
        FileChannel channel = open();
        files.increment();
        return channel;
    }

    private void closed() {
        files.decrement();
    }

    public BufferUse use() {
        return new BufferUse(
                memory.used(),
                file.used(),
                files.sum(),
                refused.sum(),
                crowdedOut.sum(),
                failed.sum());
    }

    /** A request was larger than its route allows. */
    public void onRefused() {
        refused.increment();
    }

    /** There was no room for a request among all others. */
    public void onCrowdedOut() {
        crowdedOut.increment();
    }

    /** A file failed. */
    public void onFailed(IOException why) {
        failed.increment();
        LOG.atWarn()
                .addKeyValue("directory", directory)
                .addKeyValue("why", why.toString())
                .log("buffer-failed");
    }

    /** Once nobody has work for the disk any more; waits for what is under way. */
    @Override
    public void close() {
        disk.close();
    }
}
