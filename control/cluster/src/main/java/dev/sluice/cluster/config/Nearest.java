package dev.sluice.cluster.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a misspelt name probably meant. */
public final class Nearest {
    private static final int LONGEST_NAME = 64;

    private Nearest() {}

    /** The closest of the known names, if it is close enough to be a likely guess. */
    public static Optional<String> of(String name, Collection<String> known) {
        if (name.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= tolerance(name))
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    /** {@code did you mean 'x'?}, or nothing. */
    public static String hint(String name, Collection<String> known) {
        return of(name, known).map(found -> "did you mean '" + found + "'?").orElse("");
    }

    private static int tolerance(String name) {
        return Math.max(1, name.length() / 3);
    }

    /** Damerau's, of adjacent letters, ignoring case, by rows. */
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] next = new int[b.length() + 1];
            next[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = row[j - 1] + (same(a.charAt(i - 1), b.charAt(j - 1)) ? 0 : 1);
                next[j] = Math.min(replaced, Math.min(row[j], next[j - 1]) + 1);
                if (isSwapped(a, i, b, j)) {
                    next[j] = Math.min(next[j], before[j - 2] + 1);
                }
            }
            before = row;
            row = next;
        }
        return row[b.length()];
    }

    private static boolean isSwapped(String a, int i, String b, int j) {
        return i > 1
                && j > 1
                && same(a.charAt(i - 1), b.charAt(j - 2))
                && same(a.charAt(i - 2), b.charAt(j - 1));
    }

    private static boolean same(char a, char b) {
        return Character.toLowerCase(a) == Character.toLowerCase(b);
    }
}
