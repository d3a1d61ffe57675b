package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;
import dev.sluice.cluster.config.Section;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which origins (RFC 6454) are meant. Texts are as browsers serialise them: lower case, no default
 * port, no path. {@code null}, the origin that any page can give itself, is never meant by name.
 */
public sealed interface OriginPattern {

    /** Every origin, {@code null} as well. */
    record Any() implements OriginPattern {}

    /** One. */
    record Exact(String origin) implements OriginPattern {}

    /**
     * Every name below a domain, at any depth: {@code https://*.example.org}.
     *
     * @param prefix scheme with its slashes
     * @param suffix domain with its leading dot, and perhaps a port
     */
    record Below(String prefix, String suffix) implements OriginPattern {}

    /** Those that it matches as a whole. */
    record Matching(Regex regex) implements OriginPattern {}

    /** {@code scheme://}, {@code *.} or nothing, host, port or nothing. */
    Pattern WRITTEN =
            Pattern.compile("([a-z][a-z0-9+.-]*://)(\\*\\.)?([^/:*]+|\\[[^]]+])(:[0-9]+)?");

    /** What stands for the star. */
    Pattern LABELS = Pattern.compile("[a-z0-9_.-]+");

    /**
     * Reads an origin, {@code https://*.example.org}, {@code *}, or a mapping with a regex; at
     * least one.
     */
    static List<OriginPattern> read(Section section, String key) {
        return section.list(
                key, scalar(), one -> new Matching(one.required("regex", Regex.scalar())));
    }

    private static Scalar<OriginPattern> scalar() {
        return Scalars.explained(
                new Any(),
                OriginPattern::parse,
                "https://host, https://host:port, https://*.domain, *, or {regex: …}");
    }

    private static OriginPattern parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("*")) {
            return new Any();
        }
        Matcher written = WRITTEN.matcher(lower);
        if (!written.matches() || !isHost(written.group(3), written.group(2) != null)) {
            throw new IllegalArgumentException("is not an origin");
        }
        String scheme = written.group(1);
        String port = written.group(4);
        if (port != null && !HostSyntax.isPort(port.substring(1))) {
            throw new IllegalArgumentException("has a port that there is not");
        }
        boolean usual =
                port == null
                        || (scheme.equals("https://") && port.equals(":443"))
                        || (scheme.equals("http://") && port.equals(":80"));
        String rest = written.group(3) + (usual ? "" : port);
        return written.group(2) == null ? new Exact(scheme + rest) : new Below(scheme, "." + rest);
    }

    private static boolean isHost(String host, boolean domain) {
        return HostSyntax.NAME.matcher(host).matches()
                || (!domain && HostSyntax.IPV6.matcher(host).matches());
    }

    /** Whether this origin is one of them. */
    default boolean fits(String origin) {
        return switch (this) {
            case Any _ -> true;
            case Exact(String one) -> one.equals(origin);
            case Below(String prefix, String suffix) ->
                    origin.length() > prefix.length() + suffix.length()
                            && origin.startsWith(prefix)
                            && origin.endsWith(suffix)
                            && LABELS.matcher(origin)
                                    .region(prefix.length(), origin.length() - suffix.length())
                                    .matches();
            case Matching(Regex regex) -> !origin.equals("null") && regex.matches(origin);
        };
    }
}
