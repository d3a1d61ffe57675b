package dev.sluice.cluster.l7.route;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import dev.sluice.cluster.config.Scalar;
import dev.sluice.cluster.config.Scalars;

import java.util.Set;
import java.util.TreeSet;

/**
 * A regular expression of RE2: no backreferences, no lookaround, and in return a time linear in
 * what it is matched with, whatever a client sends. Bounded in size as well.
 *
 * @param pattern compiled; equal for equal texts
 */
public record Regex(Pattern pattern) {
    private static final int LONGEST = 1024;
    private static final long LARGEST = 100_000;
    private static final int MOST_INSTRUCTIONS = 20_000;

    /** Compiles a text; one that RE2 refuses, or that is too large, is an illegal argument. */
    public static Regex of(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException("is not 1 to " + LONGEST + " characters long");
        }
        // Ahead of the compiler, which would fill the memory with it.
        if (Repetitions.size(text) > LARGEST) {
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
