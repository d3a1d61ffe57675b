package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * Copies of a route's requests that go to another upstream, whose answers nobody hears.
 *
 * @param percent of the requests that are copied
 * @param concurrent copies that may be on their way to the upstream at the same time; those beyond
 *     are not made
 * @param bodyBytes of a request's body at most; those of larger ones are dropped
 * @param timeout of a copy, from the end of its request to the end of its answer
 * @param authority host and perhaps port that the upstream is asked for; empty for the original's
 * @param request changes of the copy's header
 */
public record Mirroring(
        String upstream,
        int percent,
        int concurrent,
        int bodyBytes,
        Duration timeout,
        Optional<String> authority,
        FieldChanges request) {

    static Mirroring read(Section section, Collection<String> upstreams) {
        return new Mirroring(
                section.required("upstream", Scalars.oneOf(upstreams)),
                section.optional("percent", Scalars.integer(1, 100), 100),
                section.optional("concurrent", Scalars.integer(1, 10_000), 100),
                section.optional("body", Scalars.size(0, 16 << 20).map(Math::toIntExact), 64 << 10),
                section.optional(
                        "timeout",
                        Scalars.duration(Duration.ofMillis(10), Duration.ofHours(1)),
                        Duration.ofSeconds(10)),
                section.maybe("host", Redirect.authorities()),
                section.optionalSection("request", FieldChanges::read));
    }

    /** What becomes of a copy's head. */
    public Rewrite rewrite() {
        return new Rewrite(new PathChange.Keep(), authority, request, FieldChanges.NONE);
    }
}
