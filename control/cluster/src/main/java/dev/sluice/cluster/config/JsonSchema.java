package dev.sluice.cluster.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The schema of a configuration (JSON Schema, draft 2020-12), for editors and pipelines: keys,
 * kinds of values, bounds, words, defaults. It is drawn from the reader itself and so knows all
 * that it asks for; what only a reader can tell (names that do not exist, keys that exclude each
 * other) is not in it.
 */
public final class JsonSchema {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");

    private JsonSchema() {}

    /**
     * As text, which ends in a line feed.
     *
     * @param reader must not throw for placeholder values (see {@link Scalar})
     */
    public static String of(String title, Function<Section, ?> reader) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", title);
        schema.putAll(of(Sketch.of(reader)));
        return JsonText.of(schema) + "\n";
    }

    private static Map<String, Object> of(Shape shape) {
        return switch (shape) {
            case Shape.Anything _ -> Map.of();
            case Shape.Text(String allowed) ->
                    allowed.isEmpty()
                            ? map("type", "string")
                            : map("type", "string", "description", allowed);
            case Shape.Whole(long min, long max) ->
                    map("type", "integer", "minimum", min, "maximum", max);
            case Shape.Amount(List<String> units, String least, String most) ->
                    map(
                            "type",
                            "string",
                            "pattern",
                            "^[0-9]{1,19}(" + String.join("|", units) + ")$",
                            "description",
                            least + " to " + most);
            case Shape.Flag _ -> map("type", "boolean");
            case Shape.OneOf(List<String> texts) -> map("enum", words(texts));
            case Shape.ListOf(Shape element, boolean nonEmpty) -> list(of(element), nonEmpty);
            case Shape.Either(List<Shape> shapes) ->
                    map("anyOf", shapes.stream().map(JsonSchema::of).toList());
            case Shape.Mapping mapping -> mapping(mapping);
            case Shape.Variants variants -> variants(variants);
        };
    }

    /** YAML takes {@code 1.2} for a number: both are what the reader takes it for. */
    private static List<Object> words(List<String> texts) {
        List<Object> words = new ArrayList<>(texts);
        texts.stream()
                .filter(text -> NUMBER.matcher(text).matches())
                .forEach(text -> words.add(new JsonText.Raw(text)));
        return words;
    }

    private static Map<String, Object> list(Map<String, Object> element, boolean nonEmpty) {
        Map<String, Object> list = map("type", "array", "items", element);
        if (nonEmpty) {
            list.put("minItems", 1);
        }
        return list;
    }

    private static Map<String, Object> mapping(Shape.Mapping mapping) {
        Map<String, Object> properties = new LinkedHashMap<>();
        mapping.keys().forEach((name, key) -> properties.put(name, key(key)));
        List<String> required =
                mapping.keys().entrySet().stream()
                        .filter(entry -> entry.getValue().required())
                        .map(Map.Entry::getKey)
                        .toList();
        Map<String, Object> object = map("type", "object");
        if (!properties.isEmpty()) {
            object.put("properties", properties);
        }
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        object.put(
                "additionalProperties",
                mapping.others().isEmpty() ? false : of(mapping.others().getFirst()));
        return object;
    }

    private static Map<String, Object> key(Shape.Key key) {
        Map<String, Object> value = new LinkedHashMap<>(of(key.shape()));
        if (!key.otherwise().isEmpty()) {
            value.put("default", literal(key));
        }
        return value;
    }

    private static Object literal(Shape.Key key) {
        return switch (key.shape()) {
            case Shape.Whole _, Shape.Flag _ -> new JsonText.Raw(key.otherwise());
            default -> key.otherwise();
        };
    }

    /** One schema for each word, so that a problem is shown against the one that is meant. */
    private static Map<String, Object> variants(Shape.Variants variants) {
        List<Object> all = new ArrayList<>();
        variants.byText().forEach((text, mapping) -> all.add(variant(variants, text, mapping)));
        return map("type", "object", "oneOf", all);
    }

    private static Map<String, Object> variant(
            Shape.Variants variants, String text, Shape.Mapping mapping) {
        Map<String, Object> object = mapping(mapping);
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> word = map("const", text);
        if (text.equals(variants.usual())) {
            word.put("default", text);
        }
        properties.put(variants.key(), word);
        if (object.get("properties") instanceof Map<?, ?> others) {
            others.forEach((name, value) -> properties.put(String.valueOf(name), value));
        }
        object.put("properties", properties);
        if (!text.equals(variants.usual())) {
            List<Object> required = new ArrayList<>(List.of(variants.key()));
            if (object.get("required") instanceof List<?> others) {
                required.addAll(others);
            }
            object.put("required", required);
        }
        return object;
    }

    /** In the given order; keys and values in turn. */
    private static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put(String.valueOf(entries[i]), entries[i + 1]);
        }
        return map;
    }
}
