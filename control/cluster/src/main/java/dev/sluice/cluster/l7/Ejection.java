package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;

/**
 * When an endpoint that fails requests is left out for a while.
 *
 * @param failures in a row that eject it; 0 for never
 * @param time that it is out, times how often it was ejected of late
 * @param longest that it is out at once
 * @param sweep of good conduct for which one ejection is forgiven
 * @param sharePercent of the endpoints that may be out at the same time; one always may
 */
public record Ejection(
        int failures, Duration time, Duration longest, Duration sweep, int sharePercent) {

    static Ejection read(Section section) {
        Ejection ejection =
                new Ejection(
                        section.optional("failures", Scalars.integer(0, 1_000), 5),
                        section.optional("time", span(), Duration.ofSeconds(30)),
                        section.optional("longest", span(), Duration.ofSeconds(300)),
                        section.optional("sweep", span(), Duration.ofSeconds(10)),
                        section.optional("share", Scalars.integer(0, 100), 10));
        if (ejection.time.compareTo(ejection.longest) > 0) {
            section.problem(
                    section.has("time") ? "time" : "longest",
                    "makes time, %s, more than longest, %s"
                            .formatted(written(ejection.time), written(ejection.longest)),
                    "",
                    "change one of them");
        }
        return ejection;
    }

    private static String written(Duration span) {
        return span.toMillis() % 1_000 == 0 ? span.toSeconds() + "s" : span.toMillis() + "ms";
    }

    private static Scalar<Duration> span() {
        return Scalars.duration(Duration.ofMillis(100), Duration.ofHours(1));
    }

    /** How long an endpoint is out. */
    public Duration timeOf(int timesEjected) {
        Duration asked = time.multipliedBy(timesEjected);
        return asked.compareTo(longest) < 0 ? asked : longest;
    }
}
