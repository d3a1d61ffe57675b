package dev.sluice.lab.history;

import dev.sluice.lab.Json;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Takes down what happens, from all threads; what it holds is what checkers judge. */
public final class History {
    private final long startNanos = System.nanoTime();
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();

    public void add(Event event) {
        events.add(event);
    }

    /** Milliseconds since it began. */
    public long nowMs() {
        return sinceStartMs(System.nanoTime());
    }

    public long sinceStartMs(long nanoTime) {
        return (nanoTime - startNanos) / 1_000_000;
    }

    /** In the order of their beginning. */
    public List<Event> events() {
        return events.stream().sorted(Comparator.comparingLong(Event::atMs)).toList();
    }

    /** Those of one type, in the order of their beginning. */
    public <E extends Event> List<E> all(Class<E> type) {
        return all(events(), type);
    }

    public static <E extends Event> List<E> all(List<Event> events, Class<E> type) {
        return events.stream()
                .flatMap(e -> type.isInstance(e) ? Stream.of(type.cast(e)) : Stream.empty())
                .toList();
    }

    /**
     * One JSON object a line, with the event's name as {@code event}:
     *
     * <pre>{@code {"event":"Request","atMs":120,"endMs":124,"id":"v3-17","method":"GET", …}}</pre>
     */
    public void write(Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Event event : events()) {
                out.write("{\"event\":\"" + event.getClass().getSimpleName() + "\",");
                out.write(Json.of(event).substring(1));
                out.newLine();
            }
        }
    }
}
