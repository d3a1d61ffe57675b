package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

/**
 * Keeps a client at its endpoint, by a cookie that says which one and cannot be made up.
 *
 * @param cookie its name
 * @param secret file on the proxies, the same on all of them: as that of session tickets
 */
public record Stickiness(String cookie, String secret) {

    static Stickiness read(Section section, String upstream) {
        return new Stickiness(
                section.optional(
                        "cookie",
                        Scalars.text()
                                .where(
                                        text -> text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}"),
                                        "is not the name of a cookie",
                                        "letters, digits, and some signs"),
                        "sluice-" + upstream),
                section.required("secret", Scalars.secretPath()));
    }
}
