package dev.sluice.launcher;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Topology;
import dev.sluice.lab.report.ChaosReport;
import dev.sluice.lab.scenario.Catalog;
import dev.sluice.lab.scenario.Claim;
import dev.sluice.lab.scenario.Scenario;
import dev.sluice.lab.scenario.Trial;
import dev.sluice.lab.scenario.Trial.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Plays scenarios and says what broke. */
@Command(
        name = "run",
        description = {
            "Play scenarios under traffic: in the lab that is up, or else in one made for them.",
            "Fails unless every promise was kept. Needs root.",
        },
        subcommands = RollingCommand.class,
        synopsisSubcommandLabel = "",
        footer = {
            "",
            "Examples:",
            "  sluice chaos run proxy-kill drain      see 'sluice chaos list' for the names",
            "  sluice chaos run --report /tmp/chaos   all of them, each with a page of its own",
            "  sluice chaos run soak --minutes 30 --seed 7",
        })
final class ChaosRunCommand implements Callable<Integer> {
    private static final int MAX_MINUTES = 7 * 24 * 60;

    @Mixin HelpOption help = new HelpOption();

    @Mixin LabOption lab = new LabOption();

    @Mixin OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SCENARIO",
            arity = "0..*",
            description = "Which ones; all but storm and soak if none is named.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Of all that is random: the same seed hurts the same nodes in the same order"
                            + " (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "How long storm and soak go on, 1 to " + MAX_MINUTES + ".")
    private Optional<Integer> minutes = Optional.empty();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write a page, its figures and the whole history there.")
    private Optional<Path> folder = Optional.empty();

    /** Those that could not be played. */
    private final List<String> unplayed = new ArrayList<>();

    @Override
    public Integer call() throws IOException, LabException {
        PrintStream steps = output.isJson() ? System.err : System.out;
        Progress progress = new Progress(steps);
        Trial.Order order = new Trial.Order(seed, length());
        Map<Topology, List<Trial>> trials = byTopology(trials());
        List<Outcome> outcomes = new ArrayList<>();
        try (OnInterrupt _ = new OnInterrupt();
                AdminOperator operator = AdminOperator.of(lab.directory())) {
            Optional<Lab> up = findUp(progress);
            for (Map.Entry<Topology, List<Trial>> each : trials.entrySet()) {
                Lab cluster =
                        up.isPresent() ? up.get() : bringUp(each.getKey(), operator, progress);
                Claim.take(lab.directory(), up.isEmpty());
                try {
                    Scenario.Stage stage = new Scenario.Stage(cluster, operator, progress);
                    outcomes.addAll(play(stage, each.getValue(), order, steps));
                } finally {
                    Claim.release(lab.directory());
                    if (up.isEmpty()) {
                        UpCommand.takeDown(lab.directory(), progress);
                    }
                }
            }
        }
        say(outcomes);
        boolean good =
                !outcomes.isEmpty()
                        && unplayed.isEmpty()
                        && outcomes.stream().allMatch(o -> o.report().isGood());
        return good ? 0 : 1;
    }

    /**
     * The lab that is up, free of what a killed run left in it; a lab that such a run made goes.
     */
    private Optional<Lab> findUp(Progress progress) throws IOException, LabException {
        Optional<Lab> up = Lab.findUp(lab.directory());
        Optional<Claim> stale = up.isEmpty() ? Optional.empty() : Claim.stale(lab.directory());
        if (stale.isEmpty()) {
            return up;
        }
        if (stale.get().made()) {
            progress.step("a run that was killed left its lab behind");
            UpCommand.takeDown(lab.directory(), progress);
            return Optional.empty();
        }
        progress.step("a run that was killed may have left faults behind: healing all nodes");
        Claim.healAll(up.get());
        return up;
    }

    private Optional<Duration> length() {
        if (minutes.filter(m -> m < 1 || m > MAX_MINUTES).isPresent()) {
            throw new ParameterException(spec.commandLine(), "--minutes is 1 to " + MAX_MINUTES);
        }
        return minutes.map(Duration::ofMinutes);
    }

    private List<Trial> trials() {
        return names.isEmpty()
                ? Catalog.all().stream().filter(trial -> !trial.isOpenEnded()).toList()
                : names.stream().map(this::trial).toList();
    }

    private Trial trial(String name) {
        return Catalog.find(name)
                .orElseThrow(() ->
                        new ParameterException(
                                spec.commandLine(),
                                "There is no scenario '%s': see 'sluice chaos list'."
                                        .formatted(name)));
    }

    private static Map<Topology, List<Trial>> byTopology(List<Trial> trials) {
        return trials.stream()
                .collect(
                        Collectors.groupingBy(
                                Trial::topology, LinkedHashMap::new, Collectors.toList()));
    }

    private Lab bringUp(Topology topology, AdminOperator operator, Progress progress)
            throws IOException, LabException {
        LabDirectory directory = lab.directory();
        return UpCommand.bringUp(LabSpec.of(directory.name(), topology), operator, progress);
    }

    private List<Outcome> play(
            Scenario.Stage stage, List<Trial> trials, Trial.Order order, PrintStream steps)
            throws IOException, LabException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Trial trial : trials) {
            if (!stage.cluster().topology().covers(trial.topology())) {
                stage.progress().step(trial.name() + " is left out: it needs " + trial.topology());
                continue;
            }
            stage.progress().step("--- " + trial.name() + ": " + trial.summary());
            Outcome outcome;
            try {
                outcome = trial.run(stage, order);
            } catch (LabException e) {
                stage.progress().step("NOT played, and none after it here: " + e.getMessage());
                unplayed.add(trial.name());
                break;
            }
            outcome.report().print(steps);
            if (folder.isPresent()) {
                Path page = ChaosReport.write(outcome, folder.get());
                stage.progress().step("written: " + page);
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private void say(List<Outcome> outcomes) {
        if (output.isJson()) {
            System.out.println(
                    outcomes.stream()
                            .map(ChaosReport::json)
                            .collect(Collectors.joining(",", "[", "]")));
            return;
        }
        for (Outcome outcome : outcomes) {
            boolean good = outcome.report().isGood();
            System.out.printf(
                    "%-4s %-20s%s%n",
                    good ? "ok" : "NOT",
                    outcome.trial().name(),
                    good ? "" : "  again: " + outcome.replay());
        }
    }
}
