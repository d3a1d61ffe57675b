package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a route's requests may be asked of a second server, within the upstream's budget.
 *
 * @param allowed false for none that a server has heard of
 * @param perTry of an attempt, in place of the upstream's; empty for that
 * @param statuses of answers that another server is asked for a better one; only where the request
 *     is safe to repeat
 */
public record Repeats(boolean allowed, Optional<Duration> perTry, Set<Integer> statuses) {
    public static final Repeats USUAL = new Repeats(true, Optional.empty(), Set.of());

    private static final Map<String, Integer> STATUSES = Map.of("502", 502, "503", 503, "504", 504);

    public Repeats {
        statuses = Set.copyOf(statuses);
    }

    static Repeats read(Section section) {
        Repeats repeats =
                new Repeats(
                        section.optional("allowed", Scalars.flag(), true),
                        section.maybe(
                                "perTryTimeout",
                                Scalars.duration(Duration.ofMillis(10), Duration.ofHours(24))),
                        Set.copyOf(
                                section.optionalList(
                                        "statuses",
                                        Scalars.oneOf(STATUSES, List.of("502", "503", "504")))));
        if (!repeats.allowed) {
            section.refuse("perTryTimeout", "is for requests that may be repeated");
            section.refuse("statuses", "are for requests that may be repeated");
        }
        return repeats;
    }
}
