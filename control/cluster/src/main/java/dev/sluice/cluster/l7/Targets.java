package dev.sluice.cluster.l7;

import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

/**
 * What becomes of targets that are valid and that servers still read in more than one way.
 *
 * @param encodedSlash in a path: {@code %2F} (RFC 3986 §2.2)
 * @param otherHost of a target with a host that is not the one of the field Host (RFC 9112 §3.2.2)
 */
public record Targets(EncodedSlash encodedSlash, OtherHost otherHost) {
    public static final Targets DEFAULT = new Targets(EncodedSlash.REFUSE, OtherHost.REPLACE);

    static Targets read(Section section) {
        return new Targets(
                section.optional(
                        "encodedSlash", Scalars.oneOf(EncodedSlash.class), DEFAULT.encodedSlash),
                section.optional("otherHost", Scalars.oneOf(OtherHost.class), DEFAULT.otherHost));
    }

    /** Servers may read a segment or two out of it. */
    public enum EncodedSlash {
        REFUSE,
        /** It goes through as it is, part of its segment. */
        KEEP
    }

    /** Servers may take the one or the other for the host that is meant. */
    public enum OtherHost {
        /** The field says what the target says. */
        REPLACE,
        REFUSE
    }
}
