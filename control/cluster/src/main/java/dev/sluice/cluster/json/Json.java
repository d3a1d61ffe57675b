package dev.sluice.cluster.json;

import dev.sluice.cluster.config.Parsed;
import dev.sluice.cluster.config.Problem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Reads one JSON text, the way {@link dev.sluice.cluster.config.Yaml} reads YAML: all problems are
 * collected, each with its place. Unlike there, keys that the reader did not ask for are left
 * alone: they are another system's.
 */
public final class Json {
    private static final int MOST_PROBLEMS = 100;

    private Json() {}

    /**
     * Reads the text, or lists what is wrong with it.
     *
     * @param file named in problems
     * @param reader makes the value; must not throw for placeholder values
     */
    public static <T> Parsed<T> parse(String file, String text, Function<JsonFields, T> reader) {
        List<Problem> problems = new ArrayList<>();
        JsonValue root;
        try {
            root = JsonScanner.scan(text);
        } catch (JsonSyntaxException e) {
            JsonValue.Place at = e.at();
            String what = "is not JSON: " + e.getMessage();
            return Parsed.invalid(new Problem(file, at.line(), at.column(), "", "", what, "", ""));
        }
        T value = reader.apply(JsonFields.root(file, root, problems));
        return problems.isEmpty()
                ? new Parsed.Valid<>(value)
                : new Parsed.Invalid<>(inOrder(problems));
    }

    private static List<Problem> inOrder(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .limit(MOST_PROBLEMS)
                .toList();
    }
}
