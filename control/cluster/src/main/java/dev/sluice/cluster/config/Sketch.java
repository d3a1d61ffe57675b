package dev.sluice.cluster.config;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * What a reader asks one mapping for, in one run of it. The reader is run several times on a
 * mapping that is not there: with every key, without any, without each whose presence it asks for,
 * and with each word that a key may have, as what else it asks for may depend on these.
 */
final class Sketch {
    /** Stands for the names that an operator chooses. */
    static final String ANY_NAME = "*";

    private static final int MAX_DEPTH = 16;

    private final int depth;
    private final Question question;
    private final Map<String, List<Blank>> blanks = new LinkedHashMap<>();
    private final Map<String, String> otherwise = new LinkedHashMap<>();
    private final Set<String> missed = new LinkedHashSet<>();
    private final Set<String> nonEmpty = new LinkedHashSet<>();
    private final Set<String> doubted = new LinkedHashSet<>();

    /**
     * What the reader meets in a run.
     *
     * @param present whether keys are there at all
     * @param absent the one that is not
     * @param fixed the one that is, and has a text
     */
    private record Question(
            boolean present, @Nullable String absent, @Nullable String fixed, String text) {
        boolean has(String key) {
            return key.equals(fixed) || (present && !key.equals(absent));
        }

        Question without(String key) {
            return new Question(present, key, fixed, text);
        }
    }

    /** A shape, and a value that readers further up can go on with. */
    record Drawn<T>(Shape shape, T value) {}

    /** A run that is over. */
    private record Run<T>(Sketch sketch, T value) {}

    private Sketch(int depth, Question question) {
        if (depth > MAX_DEPTH) {
            throw new IllegalStateException("a mapping that contains itself has no end");
        }
        this.depth = depth;
        this.question = question;
    }

    /** What a reader reads. */
    static Shape of(Function<Section, ?> reader) {
        return draw(reader, 0).shape();
    }

    private static <T> Drawn<T> draw(Function<Section, T> reader, int depth) {
        Run<T> whole = run(reader, depth, new Question(true, null, null, ""));
        Shape.Mapping mapping = mapping(reader, depth, null, "");
        for (Map.Entry<String, Shape.Key> entry : mapping.keys().entrySet()) {
            if (entry.getValue().shape() instanceof Shape.OneOf(List<String> texts)) {
                Map<String, Shape.Mapping> byText = byText(reader, depth, entry.getKey(), texts);
                if (byText.values().stream().distinct().count() > 1) {
                    String usual = entry.getValue().otherwise();
                    return new Drawn<>(
                            new Shape.Variants(entry.getKey(), usual, byText), whole.value);
                }
            }
        }
        return new Drawn<>(mapping, whole.value);
    }

    private static Map<String, Shape.Mapping> byText(
            Function<Section, ?> reader, int depth, String key, List<String> texts) {
        Map<String, Shape.Mapping> byText = new LinkedHashMap<>();
        texts.forEach(text -> byText.put(text, mapping(reader, depth, key, text).without(key)));
        return byText;
    }

    /** Of all runs in which a key, if any, has the same text. */
    private static Shape.Mapping mapping(
            Function<Section, ?> reader, int depth, @Nullable String fixed, String text) {
        Question with = new Question(true, null, fixed, text);
        Sketch whole = run(reader, depth, with).sketch;
        Sketch bare = run(reader, depth, new Question(false, null, fixed, text)).sketch;
        List<Sketch> runs = new ArrayList<>(List.of(whole));
        whole.doubted.forEach(key -> runs.add(run(reader, depth, with.without(key)).sketch));
        runs.add(bare);
        SequencedMap<String, Shape.Key> keys = new LinkedHashMap<>();
        for (Sketch run : runs) {
            run.keys(bare.missed).forEach((key, found) -> keys.merge(key, found, Shape.Key::or));
        }
        Shape.Key others = keys.remove(ANY_NAME);
        return new Shape.Mapping(keys, others == null ? List.of() : List.of(others.shape()));
    }

    private static <T> Run<T> run(Function<Section, T> reader, int depth, Question question) {
        Sketch sketch = new Sketch(depth, question);
        return new Run<>(sketch, reader.apply(Section.sketched(sketch)));
    }

    private SequencedMap<String, Shape.Key> keys(Set<String> required) {
        SequencedMap<String, Shape.Key> keys = new LinkedHashMap<>();
        blanks.forEach((key, all) -> {
            Shape shape = all.stream().map(Blank::shape).reduce(new Shape.Anything(), Shape::or);
            Shape exact =
                    shape instanceof Shape.ListOf(Shape element, boolean _)
                            ? new Shape.ListOf(element, nonEmpty.contains(key))
                            : shape;
            keys.put(
                    key,
                    new Shape.Key(exact, required.contains(key), otherwise.getOrDefault(key, "")));
        });
        return keys;
    }

    // ---- what the section tells

    boolean has(String key) {
        doubted.add(key);
        return question.has(key);
    }

    /** Empty if the key is not there in this run. */
    Optional<Blank> valueOf(String key) {
        if (!question.has(key)) {
            return Optional.empty();
        }
        Blank blank = new Blank(this, key);
        blanks.computeIfAbsent(key, _ -> new ArrayList<>()).add(blank);
        return Optional.of(blank);
    }

    void onMissing(String key) {
        missed.add(key);
    }

    void onNonEmpty(String key) {
        nonEmpty.add(key);
    }

    <T> void onOtherwise(String key, Scalar<T> scalar, T value) {
        otherwise.put(key, Written.of(scalar, value));
    }

    // ---- what blanks ask

    /** The text that the key has in this run, or what stands in for any. */
    <T> T chosen(String key, Scalar<T> scalar) {
        return key.equals(question.fixed)
                        && scalar.read(question.text) instanceof Reading.Fits<T>(T value)
                ? value
                : Objects.requireNonNull(scalar.placeholder());
    }

    <T> Drawn<T> inner(Function<Section, T> reader) {
        return draw(reader, depth + 1);
    }
}
