package dev.sluice.launcher;

import dev.sluice.proxy.bench.RouteBench;
import dev.sluice.proxy.bench.RouteResult;
import dev.sluice.proxy.bench.RouteText;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/** What it costs to find a request's route. */
@Command(
        name = "routes",
        description = {
            "Measure what it costs to find the route of a request among 10, 1,000 and 10,000 of"
                    + " every kind, and to read and build a configuration of that size. CPU time"
                    + " of one thread; the ratio is to 10 routes within each round.",
        },
        footer = {"", "Example:", "  sluice bench routes -o json > routes.json"})
final class BenchRoutesCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin OutputOption output = new OutputOption();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Rounds that count, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    int rounds = 15;

    @Option(
            names = "--warmups",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "Rounds before, in which the JVM compiles, 0 to 1000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int warmups = 10;

    @Option(
            names = "--matches",
            paramLabel = "N",
            defaultValue = "200000",
            description =
                    "Requests of each size in a round, 1000 to 100000000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int matches = 200_000;

    @Override
    public Integer call() {
        Range.require(spec, "--rounds", rounds, 1, 1_000);
        Range.require(spec, "--warmups", warmups, 0, 1_000);
        Range.require(spec, "--matches", matches, 1_000, 100_000_000);
        spec.commandLine().getErr().println("building tables, then " + rounds + " rounds");
        List<RouteResult> results =
                new RouteBench(new RouteBench.Options(rounds, warmups, matches)).run();
        spec.commandLine()
                .getOut()
                .println(output.isJson() ? RouteText.json(results) : RouteText.table(results));
        return 0;
    }
}
