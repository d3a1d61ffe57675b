package dev.sluice.engine.tls;

import dev.sluice.cluster.config.Problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What is made of files, and made anew when they change; the last good one is kept. Thread-safe.
 *
 * @param <T> immutable
 */
public final class Watched<T> {
    private final List<String> files;
    private final Function<Consumer<Problem>, Optional<T>> loader;

    /** Written by {@link #refresh}, read once by whoever begins something. */
    private volatile T current;

    /** What the files looked like when they were last read; guarded by this. */
    private FileStamps stamps;

    /** What they looked like when {@link #current} was made of them; guarded by this. */
    private FileStamps source;

    private Watched(
            List<String> files,
            Function<Consumer<Problem>, Optional<T>> loader,
            FileStamps stamps,
            T current) {
        this.files = files;
        this.loader = loader;
        this.stamps = stamps;
        source = stamps;
        this.current = current;
    }

    /**
     * Reads the files. Blocks: not for event loops.
     *
     * @param loader gives nothing if it reported a problem
     * @return empty if a problem was reported
     */
    static <T> Optional<Watched<T>> load(
            List<String> files,
            Function<Consumer<Problem>, Optional<T>> loader,
            Consumer<Problem> problems) {
        FileStamps stamps = FileStamps.of(files);
        return loader.apply(problems)
                .map(loaded -> new Watched<>(List.copyOf(files), loader, stamps, loaded));
    }

    public T current() {
        return current;
    }

    /** What became of the files. */
    public sealed interface Refresh {}

    /** They are as they were. */
    public record Unchanged() implements Refresh {}

    /** What is in them now is what begins from here on. */
    public record Replaced() implements Refresh {}

    /** They are not fit for use; what was made of them before still is. */
    public record Refused(List<Problem> problems) implements Refresh {}

    /**
     * Reads the files again if one of them was changed, or replaced, or a link on the way to it
     * was. Blocks: not for event loops.
     */
    public synchronized Refresh refresh() {
        FileStamps now = FileStamps.of(files);
        if (now.equals(stamps)) {
            return new Unchanged();
        }
        stamps = now;
        List<Problem> problems = new ArrayList<>();
        Optional<T> next = loader.apply(problems::add);
        next.ifPresent(fit -> {
            source = now;
            current = fit;
        });
        return next.isPresent() ? new Replaced() : new Refused(List.copyOf(problems));
    }

    /** Goes on with what another one made, if the files are those that it was made of. */
    void adopt(Watched<T> other) {
        FileStamps others = other.source();
        synchronized (this) {
            if (source.equals(others)) {
                current = other.current;
            }
        }
    }

    private synchronized FileStamps source() {
        return source;
    }

    @Override
    public String toString() {
        return files.toString();
    }
}
