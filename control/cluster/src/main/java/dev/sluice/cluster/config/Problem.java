package dev.sluice.cluster.config;

/**
 * One thing wrong with a configuration, and what would be right. Prints as {@code lab.yaml:12:5:
 * listeners[0].tls.minVersion: '1.1' is not allowed; allowed: 1.2, 1.3}.
 *
 * @param file where the text came from
 * @param line from 1; 0 when the problem has no place in the text
 * @param column from 1
 * @param path keys and indices from the root, e.g. {@code listeners[0].name}; empty at the root
 * @param value as written, shortened; empty when there is none or it is secret
 * @param what is wrong with it
 * @param allowed what would be right; may be empty
 * @param hint a guess at what was meant, or the way out; may be empty
 */
public record Problem(
        String file,
        int line,
        int column,
        String path,
        String value,
        String what,
        String allowed,
        String hint) {
    private static final int SHOWN_CHARS = 80;

    public Problem {
        value = printable(value);
    }

    /** A problem of the configuration as a whole, or of something outside of its text. */
    public static Problem general(String file, String path, String what, String hint) {
        return new Problem(file, 0, 0, path, "", what, "", hint);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        appendPart(text, path, ": ");
        appendPart(text, value.isEmpty() ? "" : "'" + value + "'", " ");
        text.append(what);
        text.append(allowed.isEmpty() ? "" : "; allowed: " + allowed);
        return text.append(hint.isEmpty() ? "" : "; " + hint).toString();
    }

    private static void appendPart(StringBuilder text, String part, String separator) {
        if (!part.isEmpty()) {
            text.append(part).append(separator);
        }
    }

    /** A value must not forge log lines or flood a terminal. */
    private static String printable(String value) {
        String cut =
                value.length() > SHOWN_CHARS ? value.substring(0, SHOWN_CHARS - 1) + "…" : value;
        StringBuilder text = new StringBuilder(cut.length());
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            text.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : c);
        }
        return text.toString();
    }
}
