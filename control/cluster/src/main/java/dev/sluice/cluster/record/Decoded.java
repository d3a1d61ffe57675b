package dev.sluice.cluster.record;

/**
 * What bytes turned out to be.
 *
 * @param <T> the record
 */
public sealed interface Decoded<T> {
    record Good<T>(T value) implements Decoded<T> {}

    record Bad<T>(RecordProblem problem) implements Decoded<T> {}
}
