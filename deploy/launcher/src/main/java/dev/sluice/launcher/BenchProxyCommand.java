package dev.sluice.launcher;

import dev.sluice.proxy.bench.BenchCase;
import dev.sluice.proxy.bench.BenchText;
import dev.sluice.proxy.bench.ProxyBench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What a request costs the proxy, beside HAProxy and nginx. */
@Command(
        name = "proxy",
        description = {
            "Measure the CPU time that a request costs the proxy's process, on loopback, with one"
                    + " thread. HAProxy and nginx, if they are installed, stand beside it before"
                    + " the same server and are asked in turn, round after round; the ratio is to"
                    + " HAProxy within each round. Numbers are medians, spreads are quartiles.",
        },
        footer = {
            "",
            "Examples:",
            "  apt-get install --no-install-recommends haproxy nginx-light",
            "  sluice bench proxy",
            "  sluice bench proxy --idle 10000 -o json > bench.json",
        })
final class BenchProxyCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin OutputOption output = new OutputOption();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "11",
            description = "Rounds that count, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    int rounds = 11;

    @Option(
            names = "--warmups",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "Rounds before, in which the JVM compiles, 0 to 1000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int warmups = 30;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "20000",
            description =
                    "Small requests of each proxy in a round, 1000 to 10000000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int requests = 20_000;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "32",
            description = "Busy connections, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    int connections = 32;

    @Option(
            names = "--idle",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Idle connections to measure memory with, 0 to 14000; as many files must be"
                            + " open at once (default: ${DEFAULT-VALUE}).")
    int idle;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Also measure latencies at this rate of requests a second, 100 to 100000; 0 for"
                            + " none (default: ${DEFAULT-VALUE}).")
    int rate;

    @Option(
            names = "--case",
            paramLabel = "NAME",
            description =
                    "Only this one, or those whose names begin so: h1, tls-h1, tls-h2, with -small,"
                            + " -1KiB or -1MiB; may be repeated.")
    List<String> cases = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Range.require(spec, "--rounds", rounds, 1, 1_000);
        Range.require(spec, "--warmups", warmups, 0, 1_000);
        Range.require(spec, "--requests", requests, 1_000, 10_000_000);
        Range.require(spec, "--connections", connections, 1, 1_000);
        Range.require(spec, "--idle", idle, 0, 14_000);
        if (rate != 0) {
            Range.require(spec, "--rate", rate, 100, 100_000);
        }
        for (String one : cases) {
            if (BenchCase.all(requests).stream().noneMatch(known -> known.name().startsWith(one))) {
                throw new ParameterException(spec.commandLine(), "there is no case " + one);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ProxyBench.Report report =
                new ProxyBench(
                                new ProxyBench.Options(
                                        rounds, warmups, requests, connections, idle, rate, cases),
                                line -> {
                                    err.println(line);
                                    err.flush();
                                })
                        .run();
        out.println(output.isJson() ? BenchText.json(report) : BenchText.table(report));
        return 0;
    }
}
