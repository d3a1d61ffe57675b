package dev.sluice.cluster.config;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Reads one YAML document, or those of a {@link Bundle} as one.
 *
 * <pre>{@code
 * record Lab(String name, int proxies) {
 *     static Lab read(Section lab) {
 *         return new Lab(
 *                 lab.required("name", Scalars.name()),
 *                 lab.optional("proxies", Scalars.integer(1, 64), 3));
 *     }
 * }
 * Parsed<Lab> parsed = Yaml.parse("lab.yaml", text, Lab::read);
 * }</pre>
 *
 * Keys that the reader did not ask for are problems, and so is everything else that is wrong: all
 * are collected, and with one of them there is no value.
 */
public final class Yaml {
    private static final int MAX_CODE_POINTS = 16 << 20;
    private static final int MAX_DEPTH = 32;

    private Yaml() {}

    /**
     * Reads the text, or lists what is wrong with it.
     *
     * @param file named in problems
     * @param reader makes the value; must not throw for placeholder values (see {@link Scalar})
     */
    public static <T> Parsed<T> parse(String file, String text, Function<Section, T> reader) {
        Problems problems = new Problems(file);
        Optional<T> value =
                compose(file, text, problems).map(root -> Section.read(root, "", problems, reader));
        return value.isPresent() && problems.isEmpty()
                ? new Parsed.Valid<>(value.get())
                : new Parsed.Invalid<>(problems.inOrder());
    }

    /**
     * What is written, for comparisons: of a text without a problem, or else what is wrong with it.
     *
     * @param reader of {@link #parse}; tells what is secret
     */
    public static Parsed<Tree> tree(String file, String text, Function<Section, ?> reader) {
        Problems problems = new Problems(file);
        Optional<MappingNode> root = compose(file, text, problems);
        root.ifPresent(mapping -> Section.read(mapping, "", problems, reader));
        return root.isPresent() && problems.isEmpty()
                ? new Parsed.Valid<>(tree(root.get(), problems))
                : new Parsed.Invalid<>(problems.inOrder());
    }

    private static Tree tree(Node node, Problems problems) {
        return switch (node) {
            case MappingNode mapping -> {
                SequencedMap<String, Tree> values = new LinkedHashMap<>();
                for (NodeTuple entry : mapping.getValue()) {
                    values.put(
                            ((ScalarNode) entry.getKeyNode()).getValue(),
                            tree(entry.getValueNode(), problems));
                }
                yield new Tree.Keys(values);
            }
            case SequenceNode list ->
                    new Tree.Elements(
                            list.getValue().stream().map(one -> tree(one, problems)).toList());
            case ScalarNode scalar -> new Tree.Leaf(scalar.getValue(), problems.isSecret(scalar));
            default -> throw new IllegalStateException("a node of type " + node.getNodeType());
        };
    }

    /** Empty if none of the files can be read; those that can have problems of their own. */
    private static Optional<MappingNode> compose(String file, String text, Problems problems) {
        List<Bundle.Part> parts = Bundle.parts(file, text);
        List<Bundle.Part> filled = parts.stream().filter(Bundle.Part::isFilled).toList();
        List<MappingNode> roots =
                (filled.isEmpty() ? parts : filled)
                        .stream().flatMap(part -> compose(part, problems).stream()).toList();
        return roots.isEmpty() ? Optional.empty() : Optional.of(Merge.of(roots));
    }

    private static Optional<MappingNode> compose(Bundle.Part part, Problems problems) {
        String text = part.text();
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(part.file())
                        .setAllowNonScalarKeys(true)
                        .setCodePointLimit(MAX_CODE_POINTS)
                        .build();
        try {
            checkDepth(settings, text);
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isPresent() && root.get() instanceof MappingNode mapping) {
                return Optional.of(mapping);
            }
            problems.add(
                    part.file(),
                    root.flatMap(Node::getStartMark),
                    "",
                    "",
                    wrong(root.isEmpty() ? "is empty" : "is not a mapping", "keys with values"));
        } catch (MarkedYamlEngineException e) {
            problems.add(
                    part.file(),
                    e.getProblemMark(),
                    "",
                    "",
                    wrong("is not YAML: " + e.getProblem(), ""));
        } catch (YamlEngineException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            problems.add(
                    part.file(), Optional.empty(), "", "", wrong("is not YAML: " + message, ""));
        }
        return Optional.empty();
    }

    /** The composer recurses, so the depth is bounded beforehand; the event parser does not. */
    private static void checkDepth(LoadSettings settings, String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            depth +=
                    switch (event.getEventId()) {
                        case MappingStart, SequenceStart -> 1;
                        case MappingEnd, SequenceEnd -> -1;
                        default -> 0;
                    };
            if (depth > MAX_DEPTH) {
                throw new YamlEngineException("nested deeper than " + MAX_DEPTH + " levels");
            }
        }
    }

    private static Reading.Wrong<?> wrong(String what, String allowed) {
        return new Reading.Wrong<>(what, allowed, "");
    }
}
