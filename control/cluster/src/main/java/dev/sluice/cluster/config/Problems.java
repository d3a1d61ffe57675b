package dev.sluice.cluster.config;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a reader finds out about one text: problems, and which values nobody may see. Confined to
 * the reading thread.
 */
final class Problems {
    private static final int MOST = 100;

    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private final Set<Node> secrets = Collections.newSetFromMap(new IdentityHashMap<>());

    Problems(String file) {
        this.file = file;
    }

    void add(Node node, String path, String value, Reading.Wrong<?> wrong) {
        Optional<Mark> mark = node.getStartMark();
        add(mark.map(Mark::getName).orElse(file), mark, path, value, wrong);
    }

    /**
     * @param in the file, if it is one of several
     */
    void add(String in, Optional<Mark> mark, String path, String value, Reading.Wrong<?> wrong) {
        int line = mark.map(m -> m.getLine() + 1).orElse(0);
        int column = mark.map(m -> m.getColumn() + 1).orElse(0);
        found.add(
                new Problem(
                        in,
                        line,
                        column,
                        path,
                        value,
                        wrong.what(),
                        wrong.allowed(),
                        wrong.hint()));
    }

    void keepSecret(Node value) {
        secrets.add(value);
    }

    boolean isSecret(Node value) {
        return secrets.contains(value);
    }

    int count() {
        return found.size();
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the files and their text; the first hundred. */
    List<Problem> inOrder() {
        return found.stream()
                // A key may be read more than once.
                .distinct()
                .sorted(
                        Comparator.comparing(Problem::file)
                                .thenComparingInt(Problem::line)
                                .thenComparingInt(Problem::column))
                .limit(MOST)
                .toList();
    }
}
