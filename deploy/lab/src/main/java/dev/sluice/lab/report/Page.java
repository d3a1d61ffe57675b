package dev.sluice.lab.report;

import dev.sluice.lab.Report;
import dev.sluice.lab.check.Checker.Violation;
import dev.sluice.lab.history.Event;
import dev.sluice.lab.scenario.Trial.Outcome;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One HTML page that needs nothing else: what was promised, what was seen, and a picture of it. */
final class Page {
    /** More are in the JSON. */
    private static final int MOST_VIOLATIONS = 200;

    private Page() {}

    static String of(Outcome outcome) {
        List<Event> events = outcome.history().events();
        return """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>chaos: %1$s</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 1100px; padding: 0 1em }
        table { border-collapse: collapse; margin: 1em 0 }
        td, th { padding: .2em .8em; text-align: left; border-bottom: 1px solid #ddd; vertical-align: top }
        .ok { color: #197a3c } .not { color: #b3261e; font-weight: bold }
        code { background: #f2f2f2; padding: .1em .3em }
        svg { width: 100%%; height: auto; border: 1px solid #ddd }
        </style></head><body>
        <h1>%1$s: <span class="%2$s">%3$s</span></h1>
        <p>%4$s</p>
        <p>Again: <code>%5$s</code></p>
        %6$s
        <h2>Promises</h2>
        <table>%7$s</table>
        <h2>Figures</h2>
        <table>%8$s</table>
        %9$s
        </body></html>
        """
                .formatted(
                        text(outcome.trial().name()),
                        outcome.report().isGood() ? "ok" : "not",
                        outcome.report().isGood() ? "every promise was kept" : "broken",
                        text(outcome.trial().summary()),
                        text(outcome.replay()),
                        Timeline.of(events),
                        rows(outcome.report().checks()),
                        outcome.report().figures().entrySet().stream()
                                .map(e -> row(text(e.getKey()), text(e.getValue())))
                                .collect(Collectors.joining("\n")),
                        violations(ChaosReport.violations(events)));
    }

    private static String rows(List<Report.Check> checks) {
        return checks.stream()
                .map(check ->
                        row(
                                check.kept()
                                        ? "<span class=\"ok\">kept</span>"
                                        : "<span class=\"not\">BROKEN</span>",
                                text(check.promise()),
                                text(check.seen())))
                .collect(Collectors.joining("\n"));
    }

    private static String violations(List<Violation> violations) {
        if (violations.isEmpty()) {
            return "";
        }
        return "<h2>What broke, and when</h2><table>"
                + violations.stream()
                        .limit(MOST_VIOLATIONS)
                        .map(v ->
                                row(
                                        String.format(Locale.ROOT, "%.3f s", v.atMs() / 1000.0),
                                        text(v.text())))
                        .collect(Collectors.joining("\n"))
                + "</table>";
    }

    private static String row(String... cells) {
        return List.of(cells).stream()
                .collect(Collectors.joining("</td><td>", "<tr><td>", "</td></tr>"));
    }

    /** Free of markup. */
    static String text(String raw) {
        return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
