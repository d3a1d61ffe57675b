package dev.sluice.launcher;

import dev.sluice.proxy.bench.FeatureBench;
import dev.sluice.proxy.bench.FeatureResult;
import dev.sluice.proxy.bench.FeatureText;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** What optional features cost. */
@Command(
        name = "features",
        description = {
            "Measure what a request costs with CORS, compression, files, rate limits, sticky"
                    + " cookies, hedging, mirrors, the access log and traces, beside a route"
                    + " without. CPU time of the engine's threads, which serve on loopback; the"
                    + " ratio is to the route without, within each round.",
        },
        footer = {"", "Example:", "  sluice bench features --body 65536"})
final class BenchFeaturesCommand implements Callable<Integer> {
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
            names = "--requests",
            paramLabel = "N",
            defaultValue = "4000",
            description =
                    "Requests of each feature in a round, 80 to 10000000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int requests = 4_000;

    @Option(
            names = "--body",
            paramLabel = "BYTES",
            defaultValue = "16384",
            description =
                    "Length of each response before it is compressed, 1024 to 10000000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int bodyBytes = 16_384;

    @Override
    public Integer call() throws IOException {
        Range.require(spec, "--rounds", rounds, 1, 1_000);
        Range.require(spec, "--warmups", warmups, 0, 1_000);
        Range.require(spec, "--requests", requests, 80, 10_000_000);
        Range.require(spec, "--body", bodyBytes, 1_024, 10_000_000);
        FeatureBench.Options measured =
                new FeatureBench.Options(rounds, warmups, requests, bodyBytes);
        List<FeatureResult> results =
                new FeatureBench(measured, spec.commandLine().getErr()::println).run();
        spec.commandLine()
                .getOut()
                .println(output.isJson() ? FeatureText.json(results) : FeatureText.table(results));
        return 0;
    }
}
