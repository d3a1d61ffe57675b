package dev.sluice.launcher;

import dev.sluice.proxy.bench.BalanceBench;
import dev.sluice.proxy.bench.BalanceResult;
import dev.sluice.proxy.bench.BalanceText;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/** How evenly balancers spread work, beside those of HAProxy and nginx. */
@Command(
        name = "balance",
        description = {
            "Measure how evenly balancers spread work, on loopback. HAProxy and nginx, if they are"
                    + " installed, stand beside Sluice before the same six servers, which do four"
                    + " requests at a time each, and get the same script: 90 %% checks of 10 ms,"
                    + " 9 %% pages of 50 ms, 1 %% exports of a second, at 60 %% of what the servers"
                    + " can do. MAX/MEAN is the work of the server that worked most by the mean;"
                    + " delays are the times to answers beyond the work itself, their mean and"
                    + " 99th percentile; the ratio is of mean delays, to HAProxy's leastconn within"
                    + " each round. Numbers are medians over the rounds.",
        },
        footer = {
            "",
            "Examples:",
            "  apt-get install --no-install-recommends haproxy nginx-light",
            "  sluice bench balance",
            "  sluice bench balance --rounds 3 -o json > balance.json",
        })
final class BenchBalanceCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin OutputOption output = new OutputOption();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Rounds that count, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    int rounds = 5;

    @Option(
            names = "--warmups",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Rounds before, in which the JVM compiles, 0 to 1000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int warmups = 1;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "2000",
            description =
                    "Requests of each balancer in a round, 20 to 1000000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int requests = 2_000;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Range.require(spec, "--rounds", rounds, 1, 1_000);
        Range.require(spec, "--warmups", warmups, 0, 1_000);
        Range.require(spec, "--requests", requests, 20, 1_000_000);
        List<BalanceResult> results =
                new BalanceBench(
                                new BalanceBench.Options(rounds, warmups, requests),
                                spec.commandLine().getErr()::println)
                        .run();
        spec.commandLine()
                .getOut()
                .println(output.isJson() ? BalanceText.json(results) : BalanceText.table(results));
        return 0;
    }
}
