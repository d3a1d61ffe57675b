package dev.sluice.cluster.l7.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;

/**
 * A regular expression of RE2: no backreferences, no lookaround, and in return a time linear in
 * what it is matched with, whatever a client sends. Bounded in size as well.
 *
 * @param pattern compiled; equal for equal texts
 */
public record Regex(Pattern pattern) {
    private static final int LONGEST = 1024;
    private static final long MOST_REPETITIONS = 100_000;
    private static final int MOST_INSTRUCTIONS = 20_000;
    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{([0-9]{1,4})(,([0-9]{0,4}))?}");

    /** Compiles a text; one that RE2 refuses, or that is too large, is an illegal argument. */
    public static Regex of(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException("is not 1 to " + LONGEST + " characters long");
        }
        // Repetitions are written out: those within each other are multiplied.
        if (repetitions(text) > MOST_REPETITIONS) {
            throw new IllegalArgumentException("repeats too often");
        }
        try {
            Pattern compiled = Pattern.compile(text);
            if (compiled.programSize() > MOST_INSTRUCTIONS) {
                throw new IllegalArgumentException("repeats too often");
            }
            return new Regex(compiled);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "is refused by RE2: " + e.getDescription() + ": `" + e.getPattern() + '`', e);
        }
    }

    private static long repetitions(String text) {
        long product = 1;
        for (MatchResult found : REPETITION.matcher(text).results().toList()) {
            String most = found.group(3) == null ? "" : found.group(3);
            long times = Long.parseLong(most.isEmpty() ? found.group(1) : most);
            product = Math.min(product * Math.max(1, times), Integer.MAX_VALUE);
        }
        return product;
    }

    static Scalar<Regex> scalar() {
        return Scalars.explained(of("x"), Regex::of, "");
    }

    /** The whole of a text, not a part of it. */
    public boolean matches(String text) {
        return pattern.matches(text);
    }

    /** Of the groups that have one, in alphabetical order. */
    Set<String> groupNames() {
        return new TreeSet<>(pattern.namedGroups().keySet());
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
