package dev.sluice.cluster.l7.route;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;

import java.util.regex.Pattern;

/** What paths look like in a configuration: in the normal form that requests are routed on. */
final class PathSyntax {
    static final String CHARACTERS = "A-Za-z0-9._~!$&'()*+,;=:@-";
    private static final String SEGMENTS = "/|(/(?!\\.{1,2}(/|$))[" + CHARACTERS + "]+)+/?";
    private static final Pattern PATH = Pattern.compile(SEGMENTS);

    private PathSyntax() {}

    static boolean isPath(String text) {
        return PATH.matcher(text).matches();
    }

    static Scalar<String> path() {
        return Scalars.text()
                .where(
                        PathSyntax::isPath,
                        "is not a path",
                        "/ or /segments, without '..', '//', '%', '?' or '#'");
    }

    /** Of whole segments: without a slash at the end, except for the root itself. */
    static Scalar<String> prefix() {
        return path().map(text ->
                text.length() > 1 && text.endsWith("/")
                        ? text.substring(0, text.length() - 1)
                        : text);
    }

    /** Whether a path is at or below a prefix. */
    static boolean isBelow(String prefix, String path) {
        return prefix.equals("/")
                || (path.startsWith(prefix)
                        && (path.length() == prefix.length()
                                || path.charAt(prefix.length()) == '/'));
    }
}
