package dev.sluice.engine.http;

import dev.sluice.cluster.l7.Targets.EncodedSlash;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The path and query of a request, normalised (RFC 3986 §6.2.2): what is routed on is what is sent
 * on, so that no server reads another path out of it than the route did.
 *
 * @param query with its question mark; or empty
 */
public record Target(String path, String query) {
    private static final String SLASH = "%2F";
    private static final String[] NONE = {};
    static final Target WHOLE_SERVER = new Target("*", "");

    /** Null if it is no path, has bytes that do not belong there, or leads above the root. */
    static @Nullable Target parse(String text, EncodedSlash slash) {
        int mark = text.indexOf('?');
        String path = mark < 0 ? text : text.substring(0, mark);
        String query = mark < 0 ? "" : text.substring(mark);
        if (!path.startsWith("/") || !isPrintable(text)) {
            return null;
        }
        String normal = isPlain(path) ? path : normalised(path, slash);
        return normal == null ? null : new Target(normal, query);
    }

    /**
     * A path that was put together of parts of others brought into normal form; null as for {@link
     * #parse}. An encoded slash came in by leave of its listener.
     */
    public static @Nullable String normal(String path) {
        Target target = parse(path, EncodedSlash.KEEP);
        return target == null || !target.query.isEmpty() ? null : target.path;
    }

    private static boolean isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /** True if nothing in it could need normalising. */
    private static boolean isPlain(String path) {
        return path.indexOf('%') < 0 && !path.contains("//") && !path.contains("/.");
    }

    private static @Nullable String normalised(String path, EncodedSlash slash) {
        String decoded = decoded(path, slash);
        return decoded == null || hidesDots(decoded) ? null : withoutDots(decoded);
    }

    /** A server that decodes slashes first would find segments of dots, and go by them. */
    private static boolean hidesDots(String decoded) {
        if (!decoded.contains(SLASH)) {
            return false;
        }
        for (String segment : decoded.split("/", -1)) {
            for (String part : segment.contains(SLASH) ? segment.split(SLASH, -1) : NONE) {
                if (part.equals(".") || part.equals("..") || isCutToDots(part)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Some servers cut parameters off before they resolve dots. */
    private static boolean isCutToDots(String segment) {
        return segment.startsWith("..;") || segment.startsWith(".;");
    }

    /** Decodes what need not be encoded; null for a backslash, NUL, or nonsense. */
    private static @Nullable String decoded(String path, EncodedSlash slash) {
        StringBuilder text = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                text.append(c);
                continue;
            }
            int octet = i + 2 < path.length() ? octet(path, i + 1) : -1;
            boolean refused = octet == '/' && slash == EncodedSlash.REFUSE;
            if (octet <= 0 || octet == '\\' || refused) {
                return null;
            }
            if (isUnreserved((char) octet)) {
                text.append((char) octet);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(path.charAt(i + 1)))
                        .append(Character.toUpperCase(path.charAt(i + 2)));
            }
            i += 2;
        }
        return text.toString();
    }

    private static int octet(String text, int at) {
        int high = hex(text.charAt(at));
        int low = hex(text.charAt(at + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** Unlike {@link Character#digit} for ASCII alone. */
    private static int hex(char c) {
        return c > 'f' ? -1 : Character.digit(c, 16);
    }

    private static boolean isUnreserved(char c) {
        return Tokens.isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
    }

    /** RFC 3986 §5.2.4, and empty segments merged; null if it leads above the root. */
    private static @Nullable String withoutDots(String path) {
        Deque<String> kept = new ArrayDeque<>();
        boolean folder = false;
        for (String segment : path.substring(1).split("/", -1)) {
            folder = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.equals("..") && kept.pollLast() == null) {
                return null;
            }
            if (isCutToDots(segment)) {
                return null;
            }
            if (!folder) {
                kept.addLast(segment);
            }
        }
        return joined(kept, folder);
    }

    private static String joined(Deque<String> segments, boolean folder) {
        StringBuilder text = new StringBuilder();
        for (Iterator<String> all = segments.iterator(); all.hasNext(); ) {
            text.append('/').append(all.next());
        }
        return folder || text.isEmpty() ? text.append('/').toString() : text.toString();
    }
}
