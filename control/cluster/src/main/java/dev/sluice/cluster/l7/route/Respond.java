package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

/**
 * A response that the proxy makes itself.
 *
 * @param status 200 to 599
 * @param body sent in UTF-8; empty for none
 */
public record Respond(int status, String body, String contentType) implements Action {
    private static final int LONGEST = 64 << 10;

    static Respond read(Section section) {
        int status = section.required("status", Scalars.integer(200, 599));
        Respond respond =
                new Respond(
                        status,
                        section.optional(
                                "body",
                                Scalars.text()
                                        .where(
                                                text -> text.length() <= LONGEST,
                                                "is too long",
                                                "up to 65536 characters"),
                                ""),
                        section.optional(
                                "contentType", FieldSyntax.value(), "text/plain; charset=utf-8"));
        if (respond.isBodiless() && !respond.body.isEmpty()) {
            section.problem("body", "cannot be sent with status " + status, "", "");
        }
        return respond;
    }

    /** RFC 9110 §15: these never have one. */
    public boolean isBodiless() {
        return status == 204 || status == 205 || status == 304;
    }
}
