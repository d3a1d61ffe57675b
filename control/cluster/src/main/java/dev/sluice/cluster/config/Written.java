package dev.sluice.cluster.config;

import java.time.Duration;
import java.util.List;

/** How values are written in a configuration. */
final class Written {
    private Written() {}

    /** What the scalar would read as the value; empty if that cannot be said. */
    static <T> String of(Scalar<T> scalar, T value) {
        String text =
                switch (scalar.shape()) {
                    case Shape.Amount _ when value instanceof Duration time ->
                            Unit.show(Unit.TIME, time.toNanos());
                    case Shape.Amount _ when value instanceof Number bytes ->
                            Unit.show(Unit.SIZE, bytes.longValue());
                    case Shape.OneOf(List<String> texts) ->
                            texts.stream()
                                    .filter(one -> isRead(scalar, one, value))
                                    .findFirst()
                                    .orElse("");
                    default -> scalar.written(value);
                };
        return isRead(scalar, text, value) ? text : "";
    }

    private static <T> boolean isRead(Scalar<T> scalar, String text, T value) {
        return scalar.read(text) instanceof Reading.Fits<T>(T read) && value.equals(read);
    }
}
