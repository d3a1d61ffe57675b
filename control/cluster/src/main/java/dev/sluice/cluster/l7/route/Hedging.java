package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Requests that take long are asked of a second endpoint as well, and the first answer counts.
 *
 * @param after a request was sent, nothing of whose answer came
 */
public record Hedging(Duration after) {
    /** RFC 9110 §9.2.2: doing it twice is doing it once. */
    private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

    static Hedging read(Section section) {
        return new Hedging(
                section.required(
                        "after", Scalars.duration(Duration.ofMillis(1), Duration.ofMinutes(1))));
    }

    /** One that would never come to anything is a mistake. */
    void checkUse(Section route, Match match, Optional<Duration> requestTimeout, Repeats retries) {
        if (!retries.allowed()) {
            route.problem("hedge", "is for requests that may be repeated", "", "");
        }
        requestTimeout.filter(this::isTooLateFor).ifPresent(_ -> tooLate(route, "requestTimeout"));
        retries.perTry()
                .filter(this::isTooLateFor)
                .ifPresent(_ -> tooLate(route, "retries.perTryTimeout"));
        if (match.conditions().stream().anyMatch(Hedging::excludesAll)) {
            route.problem(
                    "hedge",
                    "is for methods that are safe to repeat, and the route takes none",
                    String.join(", ", METHODS),
                    "");
        }
    }

    private boolean isTooLateFor(Duration limit) {
        return after.compareTo(limit) >= 0;
    }

    private static void tooLate(Section route, String limit) {
        route.problem("hedge", "comes after " + limit + ": never", "a shorter after", "");
    }

    private static boolean excludesAll(Condition condition) {
        return condition instanceof Condition.Methods(Set<String> names)
                && names.stream().noneMatch(METHODS::contains);
    }
}
