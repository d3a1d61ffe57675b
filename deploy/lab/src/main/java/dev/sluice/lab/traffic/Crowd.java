package dev.sluice.lab.traffic;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Many talks at once, from as many client addresses as there are. Thread-safe. */
public final class Crowd implements AutoCloseable {
    /** Between two new connections: a burst would measure the listeners' backlogs. */
    private static final long STAGGER_NANOS = 1_000_000;

    private final List<Talk> talks;

    private Crowd(List<Talk> talks) {
        this.talks = talks;
    }

    /**
     * Returns when the last one has been started.
     *
     * @param pace of each one's records, on average
     */
    public static Crowd start(Dialer dialer, int size, Duration pace) {
        Crowd crowd =
                new Crowd(LongStream.range(0, size).mapToObj(n -> new Talk(n, pace)).toList());
        for (Talk talk : crowd.talks) {
            talk.start(dialer);
            LockSupport.parkNanos(STAGGER_NANOS);
        }
        return crowd;
    }

    public List<Talk> talks() {
        return talks;
    }

    /** Those that are served or broken: none is still being opened. */
    public boolean isUnderWay() {
        return talks.stream().allMatch(t -> t.exchanges() > 0 || t.end().isDone());
    }

    public List<Talk> broken() {
        return talks.stream().filter(t -> t.breakage().isPresent()).toList();
    }

    /** How many records came back so far on each talk that is not broken. */
    public Mark mark() {
        return new Mark(
                talks.stream()
                        .filter(t -> t.breakage().isEmpty())
                        .collect(Collectors.toMap(t -> t, Talk::exchanges)));
    }

    /** A moment in the life of a crowd. */
    public record Mark(Map<Talk, Long> exchanges) {
        public Mark {
            exchanges = Map.copyOf(exchanges);
        }

        /** Every talk has gone on since then by some records, or has broken. */
        public boolean isPassed(int records) {
            return exchanges.entrySet().stream()
                    .allMatch(e -> hasGoneOn(e.getKey(), e.getValue() + records));
        }

        private static boolean hasGoneOn(Talk talk, long wanted) {
            return talk.exchanges() >= wanted || talk.breakage().isPresent();
        }
    }

    /** How many of those talks each proxy serves. */
    public Map<String, Long> served(Predicate<Talk> which) {
        return talks.stream()
                .filter(which)
                .collect(
                        Collectors.groupingBy(Talk::servedBy, TreeMap::new, Collectors.counting()));
    }

    public long exchanges() {
        return talks.stream().mapToLong(Talk::exchanges).sum();
    }

    /** The longest that any record was on its way. */
    public Duration slowest() {
        return talks.stream().map(Talk::slowest).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Ends all of them, each after its record in flight; what they saw is then final. */
    public Crowd stop() {
        talks.forEach(Talk::stop);
        talks.forEach(talk -> {
            Optional<Talk.Break> ignored = talk.end().join();
        });
        return this;
    }

    @Override
    public void close() {
        stop();
    }
}
