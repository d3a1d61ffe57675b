package dev.sluice.engine.log;

import dev.sluice.cluster.l7.Telemetry;
import dev.sluice.engine.exchange.Summary;
import dev.sluice.engine.http.Failure;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.stream.StreamSummary;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A line for each request in a file. Event loops only leave what is to be written in a queue: if
 * that is full, or the file cannot be written, the line is dropped and counted. A file that was
 * moved away (logrotate) or removed is made anew within a second. Thread-safe.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final int MOST_WAITING = 8_192;
    private static final int MOST_AT_ONCE = 512;
    private static final long LOOK_MILLIS = 200;
    private static final long FAREWELL_MILLIS = 5_000;

    private final Telemetry.AccessLog rules;
    private final Path file;
    private final Counts counts;
    private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread writing;
    private volatile boolean closed;

    /** Nobody takes from the queue any more. Written by the writing thread. */
    private volatile boolean ended;

    // Of the writing thread.
    private @Nullable Writer out;
    private @Nullable Object opened;
    private boolean failing;

    /** Lines of all logs that there were, one after the other. */
    public static final class Counts {
        private final LongAdder written = new LongAdder();
        private final LongAdder dropped = new LongAdder();

        public long written() {
            return written.sum();
        }

        public long dropped() {
            return dropped.sum();
        }
    }

    /** Begins to write; {@link #problem} says beforehand whether it can. */
    public AccessLog(Telemetry.AccessLog rules, Counts counts) {
        this.rules = rules;
        this.counts = counts;
        file = Path.of(rules.file());
        writing = Thread.ofPlatform().daemon().name("access-log").start(this::write);
    }

    /** Why nothing could be written; empty if it could. */
    public static Optional<String> problem(Telemetry.AccessLog rules) {
        Path file = Path.of(rules.file());
        Path folder = Objects.requireNonNull(file.getParent());
        boolean fit =
                Files.exists(file)
                        ? Files.isRegularFile(file) && Files.isWritable(file)
                        : Files.isDirectory(folder) && Files.isWritable(folder);
        return fit ? Optional.empty() : Optional.of(file + " cannot be written");
    }

    public boolean isBy(Telemetry.AccessLog others) {
        return rules.equals(others);
    }

    public void request(Summary request) {
        offer(new Entry.Request(System.currentTimeMillis(), request));
    }

    public void stream(StreamSummary stream) {
        offer(new Entry.Stream(System.currentTimeMillis(), stream));
    }

    public void refused(Failure why, Peer peer) {
        offer(new Entry.Refused(System.currentTimeMillis(), why, peer));
    }

    private void offer(Entry entry) {
        // Whoever still holds this log while another one takes its place may be too late for it.
        if (!waiting.offer(entry) || (ended && waiting.remove(entry))) {
            counts.dropped.increment();
        }
    }

    // ---- the writing thread

    private void write() {
        List<Entry> batch = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (!closed || !waiting.isEmpty()) {
            Entry first = await();
            if (first != null) {
                batch.add(first);
                waiting.drainTo(batch, MOST_AT_ONCE);
                batch.forEach(entry -> Lines.append(text, rules.format(), entry));
                write(text, batch.size());
                batch.clear();
                text.setLength(0);
            }
        }
        shut();
        ended = true;
        counts.dropped.add(waiting.drainTo(batch));
    }

    private @Nullable Entry await() {
        try {
            return waiting.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody does so: it would close the file.
            return null;
        }
    }

    private void write(CharSequence text, int lines) {
        try {
            Writer to = current();
            to.append(text);
            to.flush();
            counts.written.add(lines);
            failing = false;
        } catch (IOException e) {
            counts.dropped.add(lines);
            if (!failing) {
                log.atError().addKeyValue("why", e.toString()).log("access-log.not_written");
            }
            failing = true;
            shut();
        }
    }

    /** The file that has the name now. */
    private Writer current() throws IOException {
        if (out != null && Objects.equals(opened, key())) {
            return out;
        }
        shut();
        Writer fresh =
                Files.newBufferedWriter(
                        file,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
        out = fresh;
        opened = key();
        return fresh;
    }

    private @Nullable Object key() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void shut() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("why", e.toString()).log("access-log.not_closed");
        }
        out = null;
    }

    /** Writes what waits, as far as that takes no longer than a few seconds. */
    @Override
    public void close() {
        closed = true;
        try {
            writing.join(FAREWELL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
