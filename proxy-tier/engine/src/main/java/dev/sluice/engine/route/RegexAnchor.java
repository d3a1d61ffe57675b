package dev.sluice.engine.route;

import dev.sluice.cluster.l7.route.Regex;

/**
 * The segments that every path has that a regular expression matches: {@code /api} of {@code
 * /api/v[0-9]+/.*}. Only paths below are tried.
 */
final class RegexAnchor {
    private RegexAnchor() {}

    /** Whole segments without a slash at the end; empty if none is certain. */
    static String of(Regex regex) {
        String text = regex.toString();
        int length = text.indexOf('|') >= 0 ? 0 : literals(text);
        int slash = text.lastIndexOf('/', length - 1);
        return slash <= 0 ? "" : text.substring(0, slash);
    }

    /** How many characters at the beginning stand for themselves. */
    private static int literals(String text) {
        int length = 0;
        while (length < text.length() && isLiteral(text.charAt(length))) {
            length++;
        }
        boolean repeated = length < text.length() && "?*{".indexOf(text.charAt(length)) >= 0;
        return repeated ? length - 1 : length;
    }

    private static boolean isLiteral(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '/'
                || c == '-'
                || c == '_'
                || c == '~';
    }
}
