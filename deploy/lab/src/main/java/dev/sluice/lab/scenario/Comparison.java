package dev.sluice.lab.scenario;

import dev.sluice.lab.Report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reports of one scenario by several rules, side by side. */
public final class Comparison {
    private Comparison() {}

    /** In Markdown: a line for each figure, a column for each discipline. */
    public static String table(Map<Discipline, Report> reports) {
        SortedMap<Discipline, Report> columns = new TreeMap<>(reports);
        Set<String> figures = new LinkedHashSet<>();
        columns.values().forEach(report -> figures.addAll(report.figures().keySet()));
        StringBuilder table = new StringBuilder();
        table.append(line("", columns.keySet().stream().map(Discipline::title).toList()));
        table.append(line("---", columns.keySet().stream().map(_ -> "---:").toList()));
        for (String figure : figures) {
            table.append(
                    line(
                            figure,
                            columns.values().stream()
                                    .map(report -> report.figures().getOrDefault(figure, "–"))
                                    .toList()));
        }
        return table.toString();
    }

    private static String line(String first, List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| " + first + " | ", " |\n"));
    }
}
