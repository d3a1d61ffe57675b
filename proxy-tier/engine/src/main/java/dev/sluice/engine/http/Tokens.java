package dev.sluice.engine.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Tokens and lists of them (RFC 9110 §5.6). */
public final class Tokens {
    private static final int LONGEST_METHOD = 32;
    private static final String PUNCTUATION = "!#$%&'*+-.^_`|~";

    private Tokens() {}

    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && PUNCTUATION.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** A method: any token, but not a page of it. */
    static boolean isMethod(String text) {
        return text.length() <= LONGEST_METHOD && isToken(text);
    }

    /** Whether nothing is expected but what RFC 9110 §10.1.1 knows. */
    static boolean knowsExpectation(Fields fields) {
        if (!fields.has(Names.EXPECT)) {
            return true;
        }
        List<String> expectations = of(fields, Names.EXPECT);
        return expectations.isEmpty() || expectations.equals(List.of("100-continue"));
    }

    /** The members of all comma-separated values of a field, in lower case. */
    public static List<String> of(Fields fields, Name name) {
        if (!fields.has(name)) {
            return List.of();
        }
        List<String> values = fields.all(name);
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(token -> token.strip().toLowerCase(Locale.ROOT))
                .filter(token -> !token.isEmpty())
                .toList();
    }

    /** A Content-Length (RFC 9110 §8.6): digits alone, and few enough for a long. */
    public static boolean isLength(String text) {
        return !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
