package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Section;

import java.util.Optional;

/**
 * What the upstream gets in place of what the client sent, and the client in place of what the
 * upstream sent.
 *
 * @param authority host and perhaps port that the upstream is asked for; empty for the client's
 * @param request of its header; {@code X-Forwarded-*} speak of what the client sent
 * @param response of its header
 */
public record Rewrite(
        PathChange path, Optional<String> authority, FieldChanges request, FieldChanges response) {
    public static final Rewrite NONE =
            new Rewrite(
                    new PathChange.Keep(), Optional.empty(), FieldChanges.NONE, FieldChanges.NONE);

    static Rewrite read(Section section, PathMatch match) {
        return new Rewrite(
                PathChange.read(section, match),
                section.maybe("host", Redirect.authorities()),
                section.optionalSection("request", FieldChanges::read),
                section.optionalSection("response", FieldChanges::read));
    }
}
