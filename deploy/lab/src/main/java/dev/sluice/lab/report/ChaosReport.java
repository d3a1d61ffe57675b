package dev.sluice.lab.report;

import dev.sluice.lab.Json;
import dev.sluice.lab.Report;
import dev.sluice.lab.check.Checker.Violation;
import dev.sluice.lab.check.Checkers;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.history.Event.Fault;
import dev.sluice.lab.history.History;
import dev.sluice.lab.scenario.Trial.Outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A scenario's outcome as files: a page, its figures, the history. */
public final class ChaosReport {
    private ChaosReport() {}

    private record Body(
            String scenario,
            long seed,
            boolean good,
            String replay,
            Map<String, String> figures,
            List<Report.Check> checks,
            List<Fault> faults,
            List<Violation> violations) {}

    /** One object: what broke, when, and how to see it again. */
    public static String json(Outcome outcome) {
        List<Event> events = outcome.history().events();
        return Json.of(
                new Body(
                        outcome.trial().name(),
                        outcome.order().seed(),
                        outcome.report().isGood(),
                        outcome.replay(),
                        outcome.report().figures(),
                        outcome.report().checks(),
                        History.all(events, Fault.class),
                        violations(events)));
    }

    static List<Violation> violations(List<Event> events) {
        return Checkers.all().stream().flatMap(c -> c.check(events).stream()).toList();
    }

    /**
     * Writes {@code report.html}, {@code report.json} and {@code history.jsonl} into a folder of
     * the scenario's name.
     *
     * @return the page
     */
    public static Path write(Outcome outcome, Path parent) throws IOException {
        Path folder = Files.createDirectories(parent.resolve(outcome.trial().name()));
        outcome.history().write(folder.resolve("history.jsonl"));
        Files.writeString(folder.resolve("report.json"), json(outcome) + "\n");
        return Files.writeString(folder.resolve("report.html"), Page.of(outcome));
    }
}
