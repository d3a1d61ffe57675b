package dev.sluice.engine.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Tokens and lists of them (RFC 9110 §5.6). */
public final class Tokens {
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

    /** The members of all comma-separated values of a field, in lower case. */
    public static List<String> of(Fields fields, String name) {
        List<String> values = fields.all(name);
        if (values.isEmpty()) {
            return values;
        }
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(token -> token.strip().toLowerCase(Locale.ROOT))
                .filter(token -> !token.isEmpty())
                .toList();
    }

    static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
