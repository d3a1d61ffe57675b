package dev.sluice.launcher;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Report;
import dev.sluice.lab.ReportJson;
import dev.sluice.lab.scenario.Comparison;
import dev.sluice.lab.scenario.Discipline;
import dev.sluice.lab.scenario.Rolling;
import dev.sluice.lab.scenario.RollingSpec;
import dev.sluice.lab.scenario.Scenario;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** A busy hour by three rules. */
@Command(
        name = "rolling",
        description = {
            "Pin many connections, fill two proxies and drain two at once, and lose a director"
                    + " host in the middle, in a lab of its own.",
            "Fails unless every promise was kept. Needs root."
        },
        footer = {
            "",
            "Examples:",
            "  sluice chaos run rolling --connections 200 --proxies 6",
            "  sluice chaos run rolling --discipline unchecked    what the safety check is for",
            "  sluice chaos run rolling --compare                 all three, as a table",
        })
final class RollingCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Mixin LabOption lab = new LabOption();

    @Mixin OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Pinned connections (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--proxies",
            paramLabel = "N",
            defaultValue = "8",
            description = "Proxy hosts, from 6 (default: ${DEFAULT-VALUE}).")
    private int proxies;

    @Option(
            names = "--directors",
            paramLabel = "N",
            defaultValue = "2",
            description = "Director hosts, from 2 (default: ${DEFAULT-VALUE}).")
    private int directors;

    @Option(
            names = "--discipline",
            paramLabel = "NAME",
            defaultValue = "sluice",
            description =
                    "Whose rules: sluice, glb (one change at a time), or unchecked"
                            + " (GLB's tables, nobody who enforces the rule;"
                            + " default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Discipline discipline;

    @Option(names = "--compare", description = "Play it by all three and compare.")
    private boolean compare;

    @Override
    public Integer call() throws IOException, LabException {
        Map<Discipline, Report> reports = new EnumMap<>(Discipline.class);
        PrintStream steps = output.isJson() ? System.err : System.out;
        for (Discipline each : compare ? List.of(Discipline.values()) : List.of(discipline)) {
            Report report = play(rolling(each), new Progress(steps));
            report.print(steps);
            reports.put(each, report);
        }
        if (output.isJson()) {
            System.out.println(ReportJson.of(byName(reports)));
        } else if (compare) {
            System.out.println(Comparison.table(reports));
        }
        return reports.values().stream().allMatch(Report::isGood) ? 0 : 1;
    }

    private static Map<String, Report> byName(Map<Discipline, Report> reports) {
        Map<String, Report> named = new LinkedHashMap<>();
        reports.forEach((each, report) -> named.put(each.name().toLowerCase(Locale.ROOT), report));
        return named;
    }

    private Scenario rolling(Discipline by) {
        try {
            return new Rolling(RollingSpec.of(by, directors, proxies, connections));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** In a lab of its own, which is gone afterwards. */
    private Report play(Scenario scenario, Progress progress) throws IOException, LabException {
        LabSpec needed = scenario.lab(lab.directory());
        try (OnInterrupt _ = new OnInterrupt();
                AdminOperator operator = AdminOperator.of(needed.directory())) {
            Lab cluster = UpCommand.bringUp(needed, operator, progress);
            try {
                return scenario.run(new Scenario.Stage(cluster, operator, progress));
            } finally {
                UpCommand.takeDown(needed.directory(), progress);
            }
        }
    }
}
