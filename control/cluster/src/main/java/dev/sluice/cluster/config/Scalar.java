package dev.sluice.cluster.config;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How the text of one value is read: {@link Scalars} has the usual ones.
 *
 * @param <T> what it is read to
 */
public interface Scalar<T> {

    Reading<T> read(String text);

    /**
     * Stands in for a value that is missing or wrong, so that reading can go on and find the other
     * problems. It never gets out: a text with a problem has no value.
     */
    T placeholder();

    /** What its texts look like, for the schema. */
    default Shape shape() {
        return new Shape.Text("");
    }

    /** How a value may be written, if it can be; what is not read as that value is not used. */
    default String written(T value) {
        return String.valueOf(value);
    }

    /** True if a problem must not show the value. */
    default boolean secret() {
        return false;
    }

    /** False if a problem must not show this text, which may be what should have been elsewhere. */
    default boolean shows(String text) {
        return !secret();
    }

    /** This one with a further condition, e.g. {@code where(seen::add, "is listed twice", "")}. */
    default Scalar<T> where(Predicate<T> condition, String otherwise, String allowed) {
        return new Derived<>(
                this,
                value ->
                        condition.test(value)
                                ? new Reading.Fits<>(value)
                                : Reading.wrong(otherwise, allowed),
                placeholder(),
                shape() instanceof Shape.Text && !allowed.isEmpty()
                        ? new Shape.Text(allowed)
                        : shape());
    }

    /** This one with what else may be wrong with its values. */
    default Scalar<T> then(Function<T, Reading<T>> next) {
        return new Derived<>(this, next, placeholder(), shape());
    }

    default <U> Scalar<U> map(Function<T, U> function) {
        return new Derived<>(
                this,
                value -> new Reading.Fits<>(function.apply(value)),
                function.apply(placeholder()),
                shape());
    }

    /** A scalar behind another one. */
    record Derived<T, U>(Scalar<T> source, Function<T, Reading<U>> next, U placeholder, Shape shape)
            implements Scalar<U> {
        @Override
        public Reading<U> read(String text) {
            return switch (source.read(text)) {
                case Reading.Fits<T>(T value) -> next.apply(value);
                case Reading.Wrong<T>(String what, String allowed, String hint) ->
                        new Reading.Wrong<>(what, allowed, hint);
            };
        }

        @Override
        public boolean secret() {
            return source.secret();
        }

        @Override
        public boolean shows(String text) {
            return source.shows(text);
        }
    }
}
