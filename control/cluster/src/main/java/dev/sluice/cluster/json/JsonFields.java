package dev.sluice.cluster.json;

import dev.sluice.cluster.config.Problem;
import dev.sluice.cluster.config.Reading;
import dev.sluice.cluster.config.Scalar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An object being read: ask for its keys. What is missing or wrong is noted and stands in as a
 * placeholder. Confined to the reading thread and to the reader's call.
 */
public final class JsonFields {
    private final String file;
    private final String path;
    private final JsonValue.Mapping object;
    private final List<Problem> problems;

    private JsonFields(String file, String path, JsonValue.Mapping object, List<Problem> problems) {
        this.file = file;
        this.path = path;
        this.object = object;
        this.problems = problems;
    }

    static JsonFields root(String file, JsonValue value, List<Problem> problems) {
        return new JsonFields(file, "", new JsonValue.Mapping(value.at(), Map.of()), problems)
                .inside(value, "");
    }

    public boolean has(String key) {
        return object.members().containsKey(key);
    }

    /** A string that must be there. */
    public <T> T text(String key, Scalar<T> scalar) {
        return optionalText(key, scalar)
                .orElseGet(() -> {
                    reportMissing(key);
                    return scalar.placeholder();
                });
    }

    /** Empty if the key is missing. */
    public <T> Optional<T> optionalText(String key, Scalar<T> scalar) {
        return member(key)
                .map(value ->
                        value instanceof JsonValue.Text(JsonValue.Place _, String text)
                                ? read(value, child(key), text, scalar)
                                : wrongKind(value, child(key), "a string", scalar.placeholder()));
    }

    /** A number that must be there. */
    public <T> T number(String key, Scalar<T> scalar) {
        return member(key)
                .map(value ->
                        value instanceof JsonValue.Numeral(JsonValue.Place _, String digits)
                                ? read(value, child(key), digits, scalar)
                                : wrongKind(value, child(key), "a number", scalar.placeholder()))
                .orElseGet(() -> {
                    reportMissing(key);
                    return scalar.placeholder();
                });
    }

    /** True or false; {@code otherwise} if the key is missing. */
    public boolean flag(String key, boolean otherwise) {
        return member(key)
                .map(value ->
                        value instanceof JsonValue.Flag(JsonValue.Place _, boolean flag)
                                ? flag
                                : wrongKind(value, child(key), "true or false", otherwise))
                .orElse(otherwise);
    }

    /** A list of objects that must be there; empty if it is missing, none, or too long. */
    public <T> Optional<List<T>> objects(String key, int most, Function<JsonFields, T> reader) {
        Optional<JsonValue> list = member(key);
        if (list.isEmpty()) {
            reportMissing(key);
            return Optional.empty();
        }
        if (!(list.get()
                instanceof JsonValue.Sequence(JsonValue.Place at, List<JsonValue> elements))) {
            return wrongKind(list.get(), child(key), "a list of objects", Optional.empty());
        }
        if (elements.size() > most) {
            report(at, child(key), "", "has " + elements.size() + " elements", "at most " + most);
            return Optional.empty();
        }
        List<T> values = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            values.add(reader.apply(inside(elements.get(i), child(key) + "[" + i + "]")));
        }
        return Optional.of(List.copyOf(values));
    }

    /** A problem of the value of a key, or of this object if it has no such key. */
    public void problem(String key, String what, String allowed) {
        JsonValue value = object.members().getOrDefault(key, object);
        report(value.at(), child(key), "", what, allowed);
    }

    private JsonFields inside(JsonValue value, String where) {
        if (value instanceof JsonValue.Mapping mapping) {
            return new JsonFields(file, where, mapping, problems);
        }
        wrongKind(value, where, "an object", "");
        // What is missing in it only follows from that.
        return new JsonFields(
                file,
                where,
                new JsonValue.Mapping(value.at(), new LinkedHashMap<>()),
                new ArrayList<>());
    }

    private Optional<JsonValue> member(String key) {
        return Optional.ofNullable(object.members().get(key));
    }

    private <T> T read(JsonValue value, String where, String text, Scalar<T> scalar) {
        return switch (scalar.read(text)) {
            case Reading.Fits<T>(T fitting) -> fitting;
            case Reading.Wrong<T>(String what, String allowed, String hint) -> {
                String shown = scalar.shows(text) ? text : "";
                problems.add(problem(value.at(), where, shown, what, allowed, hint));
                yield scalar.placeholder();
            }
        };
    }

    private <T> T wrongKind(JsonValue value, String where, String allowed, T placeholder) {
        report(value.at(), where, "", "is " + value.kind(), allowed);
        return placeholder;
    }

    private void reportMissing(String key) {
        report(object.at(), child(key), "", "is missing", "");
    }

    private void report(
            JsonValue.Place at, String where, String value, String what, String allowed) {
        problems.add(problem(at, where, value, what, allowed, ""));
    }

    private Problem problem(
            JsonValue.Place at,
            String where,
            String value,
            String what,
            String allowed,
            String hint) {
        return new Problem(file, at.line(), at.column(), where, value, what, allowed, hint);
    }

    private String child(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
