package dev.sluice.engine.files;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which parts of a file are asked for (RFC 9110 §14). */
sealed interface Ranges {
    /** Asked for together at most; with more, the whole is less work for both. */
    int MOST = 16;

    /** All of it: nothing else is asked for in a way that is worth heeding. */
    record Whole() implements Ranges {}

    /** There is nothing where it was asked for. */
    record Nowhere() implements Ranges {}

    /** These, in the order in which they were asked for; at least one. */
    record Parts(List<Part> parts) implements Ranges {}

    /**
     * One of them. Units: bytes.
     *
     * @param length at least 1
     */
    record Part(long from, long length) {
        long last() {
            return from + length - 1;
        }
    }

    Pattern SPEC = Pattern.compile("([0-9]{0,18})-([0-9]{0,18})");

    /**
     * Reads the field.
     *
     * @param size of the file
     */
    static Ranges of(@Nullable String field, long size) {
        if (field == null || !field.toLowerCase(Locale.ROOT).startsWith("bytes=")) {
            return new Whole();
        }
        String[] specs = field.substring("bytes=".length()).split(",", MOST + 1);
        if (specs.length > MOST) {
            return new Whole();
        }
        List<Part> parts = new ArrayList<>();
        for (String spec : specs) {
            Matcher written = SPEC.matcher(spec.strip());
            if (!written.matches() || written.group().equals("-") || isBackwards(written)) {
                return new Whole();
            }
            Part part = part(written, size);
            if (part != null) {
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            return new Nowhere();
        }
        return overlap(parts) ? new Whole() : new Parts(List.copyOf(parts));
    }

    private static boolean isBackwards(Matcher written) {
        return !written.group(1).isEmpty()
                && !written.group(2).isEmpty()
                && Long.parseLong(written.group(1)) > Long.parseLong(written.group(2));
    }

    /** Null if there is nothing. */
    private static @Nullable Part part(Matcher written, long size) {
        if (written.group(1).isEmpty()) {
            long length = Math.min(size, Long.parseLong(written.group(2)));
            return length == 0 ? null : new Part(size - length, length);
        }
        long from = Long.parseLong(written.group(1));
        long last = written.group(2).isEmpty() ? size - 1 : Long.parseLong(written.group(2));
        return from >= size ? null : new Part(from, Math.min(last, size - 1) - from + 1);
    }

    /** Nobody has an honest use for the same bytes twice. */
    private static boolean overlap(List<Part> parts) {
        for (int i = 0; i < parts.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (parts.get(i).from <= parts.get(j).last()
                        && parts.get(j).from <= parts.get(i).last()) {
                    return true;
                }
            }
        }
        return false;
    }
}
