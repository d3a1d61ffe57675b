package dev.sluice.cluster.config;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What became of a text: a valid value, or everything that is wrong with it. */
public sealed interface Parsed<T> {

    /** A text without a problem. */
    record Valid<T>(T value) implements Parsed<T> {}

    /** With at least one problem, in the order of the text. */
    record Invalid<T>(List<Problem> problems) implements Parsed<T> {
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("invalid without a problem");
            }
        }
    }

    static <T> Parsed<T> invalid(Problem problem) {
        return new Invalid<>(List.of(problem));
    }

    /** Empty for a valid value. */
    default List<Problem> problems() {
        return switch (this) {
            case Valid<T> _ -> List.of();
            case Invalid<T>(List<Problem> problems) -> problems;
        };
    }

    default <U> Parsed<U> then(Function<T, Parsed<U>> next) {
        return switch (this) {
            case Valid<T>(T value) -> next.apply(value);
            case Invalid<T>(List<Problem> problems) -> new Invalid<>(problems);
        };
    }

    /** For start-up code that prints {@link #report()} itself before it gets here, and tests. */
    default T orElseThrow() {
        return switch (this) {
            case Valid<T>(T value) -> value;
            case Invalid<T> _ -> throw new IllegalStateException(report());
        };
    }

    /** One problem a line; empty for a valid value. */
    default String report() {
        return problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
