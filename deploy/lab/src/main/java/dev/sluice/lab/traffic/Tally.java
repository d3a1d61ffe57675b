package dev.sluice.lab.traffic;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What clients saw. Thread-safe. Times are {@link System#nanoTime}. */
public final class Tally {
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong reopened = new AtomicLong();
    private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();

    /**
     * One connection that was served.
     *
     * @param openedNanos when its SYN was sent
     * @param proxy who served its first request
     */
    public record Visit(long openedNanos, String proxy) {}

    /**
     * One connection that broke, or could not be opened.
     *
     * @param openedNanos when its SYN was sent
     * @param proxy who had served it before; empty if nobody had
     */
    public record Failure(
            long openedNanos, long failedNanos, FailureKind kind, String proxy, String message) {}

    void served() {
        requests.incrementAndGet();
    }

    void visit(Visit visit) {
        visits.add(visit);
    }

    void failed(Failure failure) {
        failures.add(failure);
    }

    /** The server had closed an idle connection; the request went out on another. */
    void reopened() {
        reopened.incrementAndGet();
    }

    public long requests() {
        return requests.get();
    }

    public long timesReopened() {
        return reopened.get();
    }

    public List<Visit> visits() {
        return List.copyOf(visits);
    }

    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** Who served how many of the connections opened at or after then. */
    public Map<String, Long> visitsSince(long nanos) {
        return visits.stream()
                .filter(visit -> visit.openedNanos() - nanos >= 0)
                .collect(Collectors.groupingBy(Visit::proxy, Collectors.counting()));
    }
}
