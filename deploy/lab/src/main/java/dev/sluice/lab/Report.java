package dev.sluice.lab;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a demo or a scenario saw, and whether that is what it promises. Not thread-safe. */
public final class Report {
    private final Map<String, String> figures = new LinkedHashMap<>();
    private final List<Check> checks = new ArrayList<>();

    /**
     * One promise.
     *
     * @param seen with figures
     */
    public record Check(String promise, boolean kept, String seen) {}

    public void figure(String name, Object value) {
        figures.put(name, String.valueOf(value));
    }

    public void check(String promise, boolean kept, String seen) {
        checks.add(new Check(promise, kept, seen));
    }

    /** Every promise was kept, and there were some. */
    public boolean isGood() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::kept);
    }

    public List<Check> checks() {
        return List.copyOf(checks);
    }

    public List<Check> broken() {
        return checks.stream().filter(check -> !check.kept()).toList();
    }

    /** In the order in which they were taken. */
    public Map<String, String> figures() {
        return Collections.unmodifiableMap(figures);
    }

    /** As tables. */
    public void print(PrintStream out) {
        out.println();
        figures.forEach((name, value) -> out.printf("  %-44s %14s%n", name, value));
        out.println();
        for (Check check : checks) {
            out.printf(
                    "  %-4s %s: %s%n", check.kept() ? "ok" : "NOT", check.promise(), check.seen());
        }
        out.println();
    }
}
