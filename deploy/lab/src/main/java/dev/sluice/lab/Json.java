package dev.sluice.lab;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values as JSON (RFC 8259), for scripts. */
public final class Json {
    private Json() {}

    /**
     * Records as objects, lists as arrays, maps by their keys, enums and all else as text; what is
     * empty as {@code null}.
     */
    public static String of(Object value) {
        return switch (value) {
            case Optional<?> maybe -> maybe.map(Json::of).orElse("null");
            case OptionalLong maybe ->
                    maybe.isPresent() ? Long.toString(maybe.getAsLong()) : "null";
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case Collection<?> list -> join(list.stream().map(Json::of), "[", "]");
            case Map<?, ?> map ->
                    join(
                            map.entrySet().stream()
                                    .map(e -> member(e.getKey().toString(), e.getValue())),
                            "{",
                            "}");
            case Record fields -> join(members(fields), "{", "}");
            default -> quote(value.toString());
        };
    }

    private static Stream<String> members(Record fields) {
        return List.of(fields.getClass().getRecordComponents()).stream()
                .map(component -> member(component.getName(), read(component, fields)));
    }

    private static Object read(RecordComponent component, Record fields) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(fields);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("a record that cannot be read: " + fields, e);
        }
    }

    private static String member(String name, Object value) {
        return quote(name) + ":" + of(value);
    }

    private static String join(Stream<String> parts, String begin, String end) {
        return parts.collect(Collectors.joining(",", begin, end));
    }

    static String quote(String text) {
        return text.chars().mapToObj(Json::escape).collect(Collectors.joining("", "\"", "\""));
    }

    private static String escape(int c) {
        if (c == '"' || c == '\\') {
            return "\\" + (char) c;
        }
        return c < ' ' ? "\\u%04x".formatted(c) : String.valueOf((char) c);
    }
}
