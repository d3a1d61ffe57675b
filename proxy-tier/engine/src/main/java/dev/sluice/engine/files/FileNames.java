package dev.sluice.engine.files;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** From paths of requests to names of files. */
final class FileNames {
    private FileNames() {}

    /**
     * The name of a file below a directory, without a slash at either end; empty for the directory
     * itself; null if no file can have it.
     *
     * @param path in normal form, behind the route's own
     * @param hidden whether a segment may begin with a dot
     */
    static @Nullable String of(String path, boolean hidden) {
        String name = decoded(path);
        if (name == null) {
            return null;
        }
        int from = 0;
        while (from < name.length()) {
            int slash = name.indexOf('/', from);
            int end = slash < 0 ? name.length() : slash;
            if (!isSegment(name, from, end, hidden)) {
                return null;
            }
            from = end + 1;
        }
        return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    }

    /** Dots were resolved already: one that is left would be a fault of ours, and leads nowhere. */
    private static boolean isSegment(String name, int from, int to, boolean hidden) {
        String segment = name.substring(from, to);
        boolean dots = segment.equals(".") || segment.equals("..");
        return !segment.isEmpty() && !dots && (hidden || segment.charAt(0) != '.');
    }

    /** Null for slashes that were encoded, control characters, and what is no UTF-8. */
    private static @Nullable String decoded(String path) {
        String relative = path.startsWith("/") ? path.substring(1) : path;
        if (relative.indexOf('%') < 0) {
            return relative;
        }
        ByteBuffer octets = ByteBuffer.allocate(relative.length());
        for (int i = 0; i < relative.length(); i++) {
            char c = relative.charAt(i);
            if (c == '%') {
                int octet = Integer.parseInt(relative.substring(i + 1, i + 3), 16);
                if (octet == '/' || octet < ' ' || octet == 0x7f) {
                    return null;
                }
                octets.put((byte) octet);
                i += 2;
            } else {
                octets.put((byte) c);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
