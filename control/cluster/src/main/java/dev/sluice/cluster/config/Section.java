package dev.sluice.cluster.config;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A mapping being read: ask for its keys, each once. What is missing or wrong is noted and stands
 * in as a placeholder; keys never asked for are reported when the reader is done. Confined to the
 * reading thread and to the reader's call.
 */
public final class Section {
    private final MappingNode node;
    private final String path;
    private final Problems problems;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final int problemsBefore;

    /** Null for a mapping that is there; otherwise hears what is asked for. */
    private final @Nullable Sketch sketch;

    private Section(MappingNode node, String path, Problems problems) {
        this(node, path, problems, null);
    }

    private Section(MappingNode node, String path, Problems problems, @Nullable Sketch sketch) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        problemsBefore = problems.count();
        this.sketch = sketch;
        node.getValue().forEach(this::enter);
    }

    static <T> T read(
            MappingNode node, String path, Problems problems, Function<Section, T> reader) {
        Section section = new Section(node, path, problems);
        T value = reader.apply(section);
        section.reportUnknown();
        return value;
    }

    /** Of a mapping that is not there, for who wants to know what its reader asks for. */
    static Section sketched(Sketch sketch) {
        MappingNode empty = new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
        return new Section(empty, "", new Problems(""), sketch);
    }

    /** Keys and indices from the root, e.g. {@code listeners[0].tls}; empty at the root. */
    public String path() {
        return path;
    }

    public boolean has(String key) {
        asked.add(key);
        return sketch == null ? entries.containsKey(key) : sketch.has(key);
    }

    // ---- single values

    public <T> T required(String key, Scalar<T> scalar) {
        return maybe(key, scalar)
                .orElseGet(() -> {
                    reportMissing(key);
                    return scalar.placeholder();
                });
    }

    public <T> T optional(String key, Scalar<T> scalar, T otherwise) {
        if (sketch != null) {
            sketch.onOtherwise(key, scalar, otherwise);
        }
        return maybe(key, scalar).orElse(otherwise);
    }

    /** Empty if the key is missing. */
    public <T> Optional<T> maybe(String key, Scalar<T> scalar) {
        return valueOf(key).map(value -> scalar(value, child(key), scalar));
    }

    // ---- nested mappings

    public <T> T section(String key, Function<Section, T> reader) {
        return maybeSection(key, reader)
                .orElseGet(() -> {
                    reportMissing(key);
                    return reader.apply(nothing(key, new Problems("")));
                });
    }

    /** A missing mapping is read as an empty one, so that every key takes its default. */
    public <T> T optionalSection(String key, Function<Section, T> reader) {
        Problems noted = entries.containsKey(key) ? new Problems("") : problems;
        return maybeSection(key, reader).orElseGet(() -> reader.apply(nothing(key, noted)));
    }

    public <T> Optional<T> maybeSection(String key, Function<Section, T> reader) {
        return valueOf(key).flatMap(value -> mapping(value, child(key), reader));
    }

    // ---- lists and maps

    /** With at least one element. */
    public <T> List<T> list(String key, Scalar<T> scalar) {
        return nonEmpty(key, optionalList(key, scalar));
    }

    /** Empty if the key is missing. */
    public <T> List<T> optionalList(String key, Scalar<T> scalar) {
        return elements(key, (value, at) -> Optional.of(scalar(value, at, scalar)));
    }

    /** A list whose elements are single values or, where there is more to say, mappings. */
    public <T> List<T> optionalList(String key, Scalar<T> scalar, Function<Section, T> reader) {
        return elements(
                key,
                (value, at) ->
                        switch (value) {
                            case MappingNode mapping -> mapping(mapping, at, reader);
                            case Blank blank -> Optional.of(blank.either(scalar, reader));
                            default -> Optional.of(scalar(value, at, scalar));
                        });
    }

    /** Like {@link #optionalList(String, Scalar, Function)}, with at least one element. */
    public <T> List<T> list(String key, Scalar<T> scalar, Function<Section, T> reader) {
        return nonEmpty(key, optionalList(key, scalar, reader));
    }

    /** A list of mappings with at least one element. */
    public <T> List<T> sections(String key, Function<Section, T> reader) {
        return nonEmpty(key, optionalSections(key, reader));
    }

    /** Empty if the key is missing. */
    public <T> List<T> optionalSections(String key, Function<Section, T> reader) {
        return elements(key, (value, at) -> mapping(value, at, reader));
    }

    /** A mapping whose keys are names chosen by the operator; empty if the key is missing. */
    public <T> Map<String, T> map(String key, Scalar<T> scalar) {
        return optionalSection(
                key,
                inner -> {
                    Map<String, T> values = new LinkedHashMap<>();
                    inner.keys().forEach(name -> values.put(name, inner.required(name, scalar)));
                    return values;
                });
    }

    /** Like {@link #map} with a mapping behind every name. */
    public <T> Map<String, T> sectionMap(String key, BiFunction<String, Section, T> reader) {
        return optionalSection(
                key,
                inner -> {
                    Map<String, T> values = new LinkedHashMap<>();
                    for (String name : inner.keys()) {
                        inner.maybeSection(name, section -> reader.apply(name, section))
                                .ifPresent(value -> values.put(name, value));
                    }
                    return values;
                });
    }

    /** File, line and column of the value of a key, or of this mapping if it has no such key. */
    public String place(String key) {
        NodeTuple entry = entries.get(key);
        return place(entry == null ? node : entry.getValueNode());
    }

    /** Where this mapping is, for problems of the other one; empty if that is the same file. */
    public String placeBeside(Section other) {
        return file().equals(other.file()) ? "" : place(node);
    }

    private String file() {
        return node.getStartMark().map(Mark::getName).orElse("");
    }

    private static String place(Node node) {
        return node.getStartMark()
                .map(m -> m.getName() + ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1))
                .orElse("");
    }

    /** The keys in the order of the text. */
    public List<String> keys() {
        return sketch == null ? List.copyOf(entries.keySet()) : List.of(Sketch.ANY_NAME);
    }

    // ---- what the readers find themselves

    /** A problem of this mapping as a whole. */
    public void problem(String what, String allowed, String hint) {
        problems.add(node, path, "", new Reading.Wrong<>(what, allowed, hint));
    }

    /** A problem of the value of a key, or of this mapping if it has no such key. */
    public void problem(String key, String what, String allowed, String hint) {
        NodeTuple entry = entries.get(key);
        Node at = entry == null ? node : entry.getValueNode();
        String value = at instanceof ScalarNode scalar ? scalar.getValue() : "";
        problems.add(at, child(key), value, new Reading.Wrong<>(what, allowed, hint));
    }

    /** A problem of a key itself, whatever its value, which is not shown. */
    public void problemOfKey(String key, String what, String allowed, String hint) {
        NodeTuple entry = entries.get(key);
        Node at = entry == null ? node : entry.getKeyNode();
        problems.add(at, child(key), "", new Reading.Wrong<>(what, allowed, hint));
    }

    /** A problem of a key that should not be there, if it is. */
    public void refuse(String key, String why) {
        if (has(key)) {
            problem(key, why, "", "remove it");
        }
    }

    /** Whether nothing was wrong with this mapping so far. */
    public boolean isSound() {
        return problems.count() == problemsBefore;
    }

    // ----

    private void enter(NodeTuple entry) {
        if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            report(entry.getKeyNode(), path, "", "a key must be plain text", "");
            return;
        }
        NodeTuple first = entries.putIfAbsent(key.getValue(), entry);
        if (first != null) {
            report(
                    key,
                    child(key.getValue()),
                    "",
                    "is there twice",
                    "first at " + place(first.getKeyNode()));
        }
    }

    private void reportUnknown() {
        for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!asked.contains(key)) {
                problems.add(
                        entry.getValue().getKeyNode(),
                        child(key),
                        "",
                        new Reading.Wrong<>(
                                "unknown key", String.join(", ", asked), Nearest.hint(key, asked)));
            }
        }
    }

    private void reportMissing(String key) {
        if (sketch != null) {
            sketch.onMissing(key);
        }
        if (!entries.containsKey(key)) {
            report(node, child(key), "", "is missing", "");
        }
    }

    private void report(Node at, String where, String value, String what, String hint) {
        problems.add(at, where, value, new Reading.Wrong<>(what, "", hint));
    }

    private Optional<Node> valueOf(String key) {
        asked.add(key);
        if (sketch != null) {
            return sketch.valueOf(key).map(Function.identity());
        }
        @Nullable NodeTuple entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.getValueNode().getTag().equals(Tag.NULL)) {
            report(
                    entry.getValueNode(),
                    child(key),
                    "",
                    "has no value",
                    "remove the key or set it");
            return Optional.empty();
        }
        return Optional.of(entry.getValueNode());
    }

    private <T> T scalar(Node value, String where, Scalar<T> scalar) {
        if (value instanceof Blank blank) {
            return blank.scalar(scalar);
        }
        if (!(value instanceof ScalarNode text)) {
            report(value, where, "", "is " + kind(value) + ", not a single value", "");
            return scalar.placeholder();
        }
        boolean shown = scalar.shows(text.getValue());
        if (!shown) {
            problems.keepSecret(text);
        }
        return switch (scalar.read(text.getValue())) {
            case Reading.Fits<T>(T fitting) -> fitting;
            case Reading.Wrong<T> wrong -> {
                problems.add(text, where, shown ? text.getValue() : "", wrong);
                yield scalar.placeholder();
            }
        };
    }

    private <T> Optional<T> mapping(Node value, String where, Function<Section, T> reader) {
        if (value instanceof MappingNode mapping) {
            return Optional.of(read(mapping, where, problems, reader));
        }
        if (value instanceof Blank blank) {
            return Optional.of(blank.mapping(reader));
        }
        report(value, where, "", "is " + kind(value) + ", not a mapping of keys", "");
        return Optional.empty();
    }

    private <T> List<T> elements(String key, BiFunction<Node, String, Optional<T>> element) {
        List<T> values = new ArrayList<>();
        Optional<Node> value = valueOf(key);
        if (value.isPresent() && value.get() instanceof SequenceNode sequence) {
            int index = 0;
            for (Node node : sequence.getValue()) {
                element.apply(node, child(key) + "[" + index++ + "]").ifPresent(values::add);
            }
        } else if (value.isPresent() && value.get() instanceof Blank blank) {
            Blank only = blank.element();
            element.apply(only, child(key) + "[0]").ifPresent(values::add);
            blank.list(only);
        } else if (value.isPresent()) {
            report(value.get(), child(key), "", "is " + kind(value.get()) + ", not a list", "");
        }
        return List.copyOf(values);
    }

    private <T> List<T> nonEmpty(String key, List<T> values) {
        NodeTuple entry = entries.get(key);
        if (sketch != null) {
            sketch.onNonEmpty(key);
        }
        if (entry == null) {
            reportMissing(key);
        } else if (entry.getValueNode() instanceof SequenceNode list && list.getValue().isEmpty()) {
            report(list, child(key), "", "is an empty list", "give it at least one element");
        }
        return values;
    }

    /** An empty mapping; its problems are noted elsewhere if they only follow from another. */
    private Section nothing(String key, Problems noted) {
        MappingNode empty =
                new MappingNode(
                        Tag.MAP,
                        true,
                        List.of(),
                        node.getFlowStyle(),
                        node.getStartMark(),
                        node.getEndMark());
        return new Section(empty, child(key), noted);
    }

    private String child(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String kind(Node node) {
        return switch (node.getNodeType()) {
            case MAPPING -> "a mapping";
            case SEQUENCE -> "a list";
            case SCALAR, ANCHOR -> "a single value";
        };
    }
}
