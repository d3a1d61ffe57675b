package dev.sluice.launcher;

import dev.sluice.proxy.bench.ReloadBench;
import dev.sluice.proxy.bench.ReloadResult;
import dev.sluice.proxy.bench.ReloadText;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.concurrent.Callable;

/** What a new configuration costs a proxy. */
@Command(
        name = "reload",
        description = {
            "Measure what a new configuration costs a proxy that has traffic, on loopback: the time"
                    + " until it is served, what is allocated for it, what stays of a hundred, how"
                    + " many requests are lost, and how long the others take, with reloads and"
                    + " without. Exit status 1 if a request was lost.",
        },
        footer = {"", "Example:", "  sluice bench reload --routes 10000 --reloads 20"})
final class BenchReloadCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin OutputOption output = new OutputOption();

    @Option(
            names = "--routes",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Of each configuration, 2 to 100000 (default: ${DEFAULT-VALUE}).")
    int routes = 1_000;

    @Option(
            names = "--reloads",
            paramLabel = "N",
            defaultValue = "100",
            description = "That count, 1 to 100000 (default: ${DEFAULT-VALUE}).")
    int reloads = 100;

    @Option(
            names = "--warmups",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "Reloads before, in which the JVM compiles, 0 to 1000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int warmups = 30;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Range.require(spec, "--routes", routes, 2, 100_000);
        Range.require(spec, "--reloads", reloads, 1, 100_000);
        Range.require(spec, "--warmups", warmups, 0, 1_000);
        ReloadResult result =
                new ReloadBench(
                                new ReloadBench.Options(routes, reloads, warmups),
                                spec.commandLine().getErr()::println)
                        .run();
        spec.commandLine()
                .getOut()
                .println(output.isJson() ? ReloadText.json(result) : ReloadText.table(result));
        return result.lost() == 0 ? 0 : 1;
    }
}
