package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which responses go out compressed, to clients that take them so (RFC 9110 §8.4).
 *
 * @param codings that are offered, the one that is liked best first
 * @param types of media in lower case; {@code text/*} stands for all that begin so
 * @param minBytes shorter ones stay as they are; those of no stated length do not
 * @param effort that is spent on being small
 */
public record Compression(List<Coding> codings, List<String> types, long minBytes, Effort effort) {
    private static final Pattern TYPE =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]*/(\\*|[a-z0-9][a-z0-9!#$&^_.+-]*)");

    /** What has much to gain, and is not compressed within itself. */
    private static final List<String> USUAL_TYPES =
            List.of(
                    "text/html",
                    "text/css",
                    "text/plain",
                    "text/csv",
                    "text/xml",
                    "text/markdown",
                    "text/javascript",
                    "application/javascript",
                    "application/json",
                    "application/ld+json",
                    "application/problem+json",
                    "application/manifest+json",
                    "application/xml",
                    "application/atom+xml",
                    "application/rss+xml",
                    "application/xhtml+xml",
                    "application/wasm",
                    "image/svg+xml");

    public Compression {
        codings = List.copyOf(codings);
        types = List.copyOf(types);
    }

    /** How it is done. */
    public enum Coding {
        /** RFC 8878. */
        ZSTD,
        /** RFC 1952. */
        GZIP;

        /** As messages name it. */
        public String token() {
            return Scalars.written(this);
        }
    }

    /** Time for size. */
    public enum Effort {
        LOW,
        MEDIUM,
        HIGH
    }

    static Compression read(Section section) {
        List<String> types = section.optionalList("types", type());
        return new Compression(
                codings(section),
                types.isEmpty() ? USUAL_TYPES : types,
                section.optional("minimum", Scalars.size(0, 1L << 30), 1L << 10),
                section.optional("effort", Scalars.oneOf(Effort.class), Effort.LOW));
    }

    private static List<Coding> codings(Section section) {
        List<Coding> given = section.optionalList("codings", Scalars.oneOf(Coding.class));
        Set<Coding> seen = new HashSet<>();
        if (!given.stream().allMatch(seen::add)) {
            section.problem("codings", "has one twice", "zstd, gzip", "");
        }
        return given.isEmpty() ? List.of(Coding.values()) : given;
    }

    private static Scalar<String> type() {
        return Scalars.text()
                .map(type -> type.toLowerCase(Locale.ROOT))
                .where(
                        type -> TYPE.matcher(type).matches(),
                        "is not a media type",
                        "type/subtype, or type/* for all of them");
    }
}
