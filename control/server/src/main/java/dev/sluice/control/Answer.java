package dev.sluice.control;

import java.util.List;

/**
 * What became of a command.
 *
 * @param <T> its result
 */
sealed interface Answer<T> {
    record Done<T>(T value) implements Answer<T> {}

    /**
     * Nothing was done.
     *
     * @param unknownName the request names something that does not exist
     * @param problems of a refused configuration, one line each
     */
    record Refused<T>(boolean unknownName, String reason, String wayOut, List<String> problems)
            implements Answer<T> {
        public Refused {
            problems = List.copyOf(problems);
        }

        /** The same refusal, of a command with another result. */
        <U> Refused<U> as() {
            return new Refused<>(unknownName, reason, wayOut, problems);
        }
    }

    static <T> Refused<T> refused(String reason, String wayOut) {
        return new Refused<>(false, reason, wayOut, List.of());
    }

    static <T> Refused<T> unknown(String reason, String wayOut) {
        return new Refused<>(true, reason, wayOut, List.of());
    }

    /** A configuration that is not valid, here or elsewhere. */
    static <T> Refused<T> problems(String origin, List<String> problems, String wayOut) {
        String count = problems.size() == 1 ? "a problem" : problems.size() + " problems";
        return new Refused<>(false, origin + " has " + count, wayOut, problems);
    }
}
