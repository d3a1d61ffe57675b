package dev.sluice.cluster.config;

/** What a {@link Scalar} made of a text. */
public sealed interface Reading<T> {

    /** It is a value. */
    record Fits<T>(T value) implements Reading<T> {}

    /**
     * It is not a value.
     *
     * @param what e.g. {@code is not a duration}
     * @param allowed e.g. {@code 1ms to 1h}; may be empty
     * @param hint may be empty
     */
    record Wrong<T>(String what, String allowed, String hint) implements Reading<T> {}

    static <T> Reading<T> wrong(String what, String allowed) {
        return new Wrong<>(what, allowed, "");
    }
}
