package dev.sluice.simulation;

import dev.sluice.cluster.pool.PoolSpec.Wire;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Outcomes for people and for programs. */
public final class SimulationText {
    private SimulationText() {}

    /** The command that gives the same run again. */
    public static String replay(Outcome outcome) {
        StringBuilder command = new StringBuilder("sluice simulate --seed " + outcome.seed());
        if (outcome.wire() == Wire.GLB) {
            command.append(" --wire glb");
        }
        outcome.off().forEach(guard -> command.append(" --without ").append(guard));
        outcome.only()
                .filter(numbers -> !numbers.isEmpty())
                .ifPresent(numbers -> command.append(" --only ").append(list(numbers)));
        return command.toString();
    }

    private static String list(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** A verdict, how to see it again, and the trace if there is one. */
    public static List<String> lines(Outcome outcome) {
        List<String> lines = new ArrayList<>(relevant(outcome));
        if (outcome.violation().isEmpty()) {
            lines.add("seed " + outcome.seed() + ": every promise was kept; " + outcome.counts());
            return lines;
        }
        Violation violation = outcome.violation().get();
        lines.add(
                "seed "
                        + outcome.seed()
                        + ", "
                        + Nanos.text(violation.atNanos())
                        + " s: "
                        + violation.invariant()
                        + " is broken: "
                        + violation.text());
        lines.add("see it again: " + replay(outcome) + " --trace");
        return lines;
    }

    /** Of packets only those of the flow that it is about. */
    private static List<String> relevant(Outcome outcome) {
        if (outcome.violation().isEmpty()) {
            return outcome.trace();
        }
        String subject = outcome.violation().get().subject() + " ";
        return outcome.trace().stream()
                .filter(line -> !line.contains("flow ") || line.contains(subject))
                .toList();
    }

    /** One line. */
    public static String json(Outcome outcome) {
        String violation =
                outcome.violation()
                        .map(v ->
                                "{\"invariant\":\""
                                        + v.invariant()
                                        + "\",\"at_ns\":"
                                        + v.atNanos()
                                        + ",\"text\":"
                                        + quoted(v.text())
                                        + "}")
                        .orElse("null");
        String counts =
                outcome.counts().entrySet().stream()
                        .map(e -> quoted(e.getKey()) + ":" + e.getValue())
                        .collect(Collectors.joining(","));
        String trace =
                relevant(outcome).stream()
                        .map(SimulationText::quoted)
                        .collect(Collectors.joining(","));
        return "{\"seed\":"
                + outcome.seed()
                + ",\"replay\":"
                + quoted(replay(outcome))
                + ",\"violation\":"
                + violation
                + ",\"counts\":{"
                + counts
                + "},\"trace\":["
                + trace
                + "]}";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
