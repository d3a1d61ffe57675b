package dev.sluice.lab.scenario;

import java.time.Duration;

/**
 * How much of everything.
 *
 * @param connections pinned ones, with traffic all the time
 * @param pace of each one's records, on average
 * @param patience with a refused change, before it is given up
 */
public record RollingSpec(
        Discipline discipline,
        int directors,
        int proxies,
        int connections,
        Duration pace,
        Duration patience) {
    /** Two to fill, two to drain, and two that stay. */
    public static final int FEWEST_PROXIES = 6;

    /** A lost director must not be the last. */
    public static final int FEWEST_DIRECTORS = 2;

    /** So that two cores carry it: about this many records a second. */
    private static final int RECORDS_PER_SECOND = 1000;

    private static final Duration FASTEST = Duration.ofMillis(200);

    public RollingSpec {
        if (proxies < FEWEST_PROXIES || directors < FEWEST_DIRECTORS || connections < 1) {
            throw new IllegalArgumentException(
                    "rolling needs at least %d proxies, %d directors and a connection"
                            .formatted(FEWEST_PROXIES, FEWEST_DIRECTORS));
        }
    }

    /** At a pace that two cores can carry. */
    public static RollingSpec of(
            Discipline discipline, int directors, int proxies, int connections) {
        Duration pace = Duration.ofMillis(1000L * connections / RECORDS_PER_SECOND);
        // In GLB's mode a change is refused until the last one has settled, which takes as long as
        // the longest connection: waiting longer shows no more.
        Duration patience = Duration.ofSeconds(discipline == Discipline.GLB ? 5 : 40);
        return new RollingSpec(
                discipline,
                directors,
                proxies,
                connections,
                pace.compareTo(FASTEST) < 0 ? FASTEST : pace,
                patience);
    }
}
