package dev.sluice.cluster.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schema and the readers say the same of every key: a text that has all of them is changed at
 * each in turn, as the schema says that it may be, or may not.
 */
final class L7SchemaAgreementTest {
    private static final Path TEXT = Path.of("src/test/resources/l7-every-key.yaml");
    private static final Pattern BOUNDS = Pattern.compile("([0-9]+)(\\D+) to ([0-9]+)(\\D+)");

    /** Keys that are only there together, of which a schema of single keys knows nothing. */
    private static final Pattern PAIR = Pattern.compile("(rewrite|redirect)\\.(regex|with)$");

    private static final Schema SCHEMA =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(L7Config.schema(), InputFormat.JSON);

    private final Map<String, Object> schema = map(load(L7Config.schema()));
    private final List<String> disagreements = new ArrayList<>();
    private Map<String, Object> text = Map.of();

    /** A key of the text, and what the schema has of it. */
    private record Place(Map<String, Object> in, String key, String path, Map<String, Object> of) {}

    @BeforeEach
    void theTextIsValid() throws IOException {
        text = map(load(Files.readString(TEXT)));
        assertThat(parse().report()).isEmpty();
        assertThat(isAllowed()).isTrue();
    }

    @Test
    void theTextHasEveryKey() {
        Set<String> missing = new TreeSet<>();
        keys(schema, "", missing);
        each(place -> missing.remove(general(place.path)));
        assertThat(missing).isEmpty();
    }

    @Test
    void bothRequireTheSame() {
        each(place -> {
            Object value = place.in.remove(place.key);
            boolean there = parse().problems().stream().anyMatch(at(place.path));
            if (there && isAllowed() && !PAIR.matcher(place.path).find()) {
                disagreements.add(place.path + " is required by the reader alone");
            }
            if (parse().problems().isEmpty() && !isAllowed()) {
                disagreements.add(place.path + " is required by the schema alone");
            }
            place.in.put(place.key, value);
        });
        assertThat(disagreements).isEmpty();
    }

    @Test
    void aDefaultIsWhatHoldsWithoutTheKey() {
        each(place -> {
            Object value = place.in.remove(place.key);
            Parsed<L7Config> without = parse();
            if (place.of.containsKey("default") && without.problems().isEmpty()) {
                place.in.put(place.key, place.of.get("default"));
                if (!parse().equals(without)) {
                    disagreements.add(place.path + " has another default");
                }
            }
            place.in.put(place.key, value);
        });
        assertThat(disagreements).isEmpty();
    }

    @Test
    void bothTakeTheSameValues() {
        each(place -> {
            if (place.of.get("minimum") instanceof Number least
                    && place.of.get("maximum") instanceof Number most) {
                takes(place, least, true);
                takes(place, most, true);
                takes(place, least.longValue() - 1, false);
                takes(place, most.longValue() + 1, false);
            }
            if (place.of.get("enum") instanceof List<?> words) {
                words.forEach(word -> takes(place, word, true));
                takes(place, "no-such-word", false);
            }
            if ("boolean".equals(place.of.get("type"))) {
                takes(place, true, true);
                takes(place, false, true);
                takes(place, "perhaps", false);
            }
            if ("array".equals(place.of.get("type"))) {
                takesEmptyList(place);
            }
            amounts(place);
        });
        assertThat(disagreements).isEmpty();
    }

    @Test
    void neitherTakesOtherKeys() {
        each(place -> {
            if (!place.in.containsKey("no-such-key") && general(place.path).indexOf('*') < 0) {
                place.in.put("no-such-key", 1);
                if (parse().problems().isEmpty() || isAllowed()) {
                    disagreements.add("any key is taken beside " + place.path);
                }
                place.in.remove("no-such-key");
            }
        });
        assertThat(disagreements).isEmpty();
    }

    // ---- values

    private void takes(Place place, Object value, boolean fits) {
        Object before = place.in.put(place.key, value);
        boolean read = parse().problems().stream().noneMatch(badValue(place.path));
        if (read != fits) {
            disagreements.add(place.path + ": " + value + (fits ? " is refused" : " is read"));
        }
        if (!fits && isAllowed()) {
            disagreements.add(place.path + ": the schema allows " + value);
        }
        place.in.put(place.key, before);
    }

    private void takesEmptyList(Place place) {
        Object before = place.in.put(place.key, List.of());
        boolean refused =
                parse().problems().stream()
                        .filter(at(place.path))
                        .anyMatch(problem -> problem.what().equals("is an empty list"));
        if (refused != place.of.containsKey("minItems")) {
            disagreements.add(place.path + ": an empty list is taken by one of them alone");
        }
        place.in.put(place.key, before);
    }

    /** The schema says their bounds in words. */
    private void amounts(Place place) {
        Matcher bounds = BOUNDS.matcher(String.valueOf(place.of.get("description")));
        if (!place.of.containsKey("pattern") || !bounds.matches()) {
            return;
        }
        long least = Long.parseLong(bounds.group(1));
        long most = Long.parseLong(bounds.group(3));
        amount(place, least + bounds.group(2), true);
        amount(place, most + bounds.group(4), true);
        amount(place, (most + 1) + bounds.group(4), false);
        if (least > 0) {
            amount(place, (least - 1) + bounds.group(2), false);
        }
    }

    private void amount(Place place, String value, boolean fits) {
        Object before = place.in.put(place.key, value);
        if (parse().problems().stream().noneMatch(badValue(place.path)) != fits) {
            disagreements.add(place.path + ": " + value + (fits ? " is refused" : " is read"));
        }
        place.in.put(place.key, before);
    }

    private static Predicate<Problem> at(String path) {
        return problem -> problem.path().equals(path);
    }

    /** Of a value in itself, not beside those of other keys. */
    private static Predicate<Problem> badValue(String path) {
        return at(path).and(problem ->
                Set.of("is out of range", "is not allowed", "is not a whole number")
                        .contains(problem.what()));
    }

    private Parsed<L7Config> parse() {
        return L7Config.parse("l7.yaml", dumped());
    }

    private boolean isAllowed() {
        return SCHEMA.validate(dumped(), InputFormat.YAML).isEmpty();
    }

    private String dumped() {
        return new Dump(DumpSettings.builder().build()).dumpToString(text);
    }

    // ---- the way through text and schema

    private void each(Consumer<Place> visitor) {
        List<Place> places = new ArrayList<>();
        walk(text, schema, "", places);
        places.forEach(visitor);
    }

    private static void walk(Object value, Map<String, Object> of, String path, List<Place> to) {
        if (value instanceof Map<?, ?>) {
            Map<String, Object> in = map(value);
            Map<String, Object> exact = chosen(of, in);
            Map<String, Object> properties = map(exact.getOrDefault("properties", Map.of()));
            in.forEach((key, inner) -> {
                String at = path.isEmpty() ? key : path + "." + key;
                Object found = properties.getOrDefault(key, exact.get("additionalProperties"));
                Map<String, Object> its = found instanceof Map<?, ?> ? map(found) : Map.of();
                if (properties.containsKey(key)) {
                    to.add(new Place(in, key, at, its));
                }
                walk(inner, its, at, to);
            });
        } else if (value instanceof List<?> list) {
            Map<String, Object> element = map(of.getOrDefault("items", Map.of()));
            for (int i = 0; i < list.size(); i++) {
                walk(list.get(i), element, path + "[" + i + "]", to);
            }
        }
    }

    /** Of several kinds of mappings, the one that this is. */
    private static Map<String, Object> chosen(Map<String, Object> of, Map<String, Object> in) {
        if (of.get("anyOf") instanceof List<?> any) {
            return any.stream()
                    .map(L7SchemaAgreementTest::map)
                    .filter(one -> "object".equals(one.get("type")))
                    .findFirst()
                    .orElseThrow();
        }
        if (of.get("oneOf") instanceof List<?> kinds) {
            return kinds.stream()
                    .map(L7SchemaAgreementTest::map)
                    .filter(kind -> isOfKind(in, map(kind.get("properties"))))
                    .findFirst()
                    .orElseThrow();
        }
        return of;
    }

    private static boolean isOfKind(Map<String, Object> in, Map<String, Object> properties) {
        return properties.entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), map(entry.getValue())))
                .filter(entry -> entry.getValue().containsKey("const"))
                .allMatch(entry -> means(entry.getValue(), in.get(entry.getKey())));
    }

    private static boolean means(Map<String, Object> word, @Nullable Object text) {
        return Objects.equals(word.get("const"), text == null ? word.get("default") : text);
    }

    private static void keys(Map<String, Object> of, String path, Set<String> to) {
        for (String choice : List.of("oneOf", "anyOf")) {
            if (of.get(choice) instanceof List<?> all) {
                all.forEach(one -> keys(map(one), path, to));
            }
        }
        if (of.get("items") instanceof Map<?, ?> items) {
            keys(map(items), path + "[]", to);
        }
        BiConsumer<String, Object> key =
                (name, inner) -> {
                    String at = path.isEmpty() ? name : path + "." + name;
                    to.add(at);
                    keys(map(inner), at, to);
                };
        map(of.getOrDefault("properties", Map.of())).forEach(key);
    }

    private static String general(String path) {
        return path.replaceAll("\\[[0-9]+]", "[]");
    }

    private static Object load(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return value instanceof LinkedHashMap<?, ?> ? (Map<String, Object>) value : Map.of();
    }
}
