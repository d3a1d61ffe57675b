package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.Optional;

/**
 * How many requests a route takes, on each proxy for itself: a bucket that fills evenly and that
 * every request takes a token out of.
 *
 * @param requests tokens that come within {@code per}
 * @param burst how many tokens a bucket holds
 * @param by what has a bucket of its own; empty for the route as a whole
 * @param buckets that are remembered at most; of more, those are forgotten that are the fullest
 */
public record RateLimit(
        int requests, Duration per, int burst, Optional<RequestKey> by, int buckets) {
    private static final long MOST_DAYS = 50_000;

    /** Less than half of what a long of nanoseconds holds: buckets reckon with sums of two. */
    private static final Duration MOST_FILL = Duration.ofDays(MOST_DAYS);

    /** The time in which a token comes, at least a nanosecond. Unit: nanoseconds. */
    public long tokenNanos() {
        return Math.max(1, per.toNanos() / requests);
    }

    static RateLimit read(Section section) {
        int requests = section.required("requests", Scalars.integer(1, 10_000_000));
        RateLimit limit =
                new RateLimit(
                        requests,
                        section.optional(
                                "per",
                                Scalars.duration(Duration.ofMillis(100), Duration.ofHours(24)),
                                Duration.ofSeconds(1)),
                        // Its default is another key: none that the schema could name.
                        section.maybe("burst", Scalars.integer(1, 10_000_000)).orElse(requests),
                        section.optional("by", RequestKey.scalar("route"), Optional.empty()),
                        section.optional("buckets", Scalars.integer(100, 1_000_000), 10_000));
        if (section.isSound() && limit.burst > limit.mostBurst()) {
            section.problem(
                    "burst",
                    "takes more than " + MOST_DAYS + " days to fill at this rate",
                    "at most " + limit.mostBurst(),
                    "set a smaller burst, or a shorter per");
        }
        return limit;
    }

    private long mostBurst() {
        return MOST_FILL.toNanos() / tokenNanos();
    }
}
