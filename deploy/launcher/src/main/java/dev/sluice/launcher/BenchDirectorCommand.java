package dev.sluice.launcher;

import dev.sluice.datapath.bpf.DatapathException;
import dev.sluice.director.bench.BenchCase;
import dev.sluice.director.bench.BenchResult;
import dev.sluice.director.bench.BenchText;
import dev.sluice.director.bench.DirectorBench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** How fast the director program is, beside the least that any program could do. */
@Command(
        name = "director",
        description = {
            "Measure the director's XDP program on one core, in a network namespace of its own.",
            "The kernel feeds it frames and transmits what it returns over a veth pair whose other"
                    + " end counts and drops. Beside it, in every round: a program that swaps MAC"
                    + " addresses and transmits (bare), one that also adds constant headers of"
                    + " the same length (limit), and one that also hashes the flow and reads a"
                    + " row (lookup), which is the least that a director with this hash can do."
                    + " Times are nanoseconds of CPU for a packet, medians over the rounds; the"
                    + " ratio is director to limit within each round, with its quartiles, and"
                    + " to-lookup is director to lookup. Needs root.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice bench director",
            "  sluice bench director --matrix -o json > bench.json",
        })
final class BenchDirectorCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin OutputOption output = new OutputOption();

    @Option(
            names = "--matrix",
            description = "All combinations instead of one dimension at a time; takes minutes.")
    boolean matrix;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "51",
            description = "Rounds a case, 1 to 10000 (default: ${DEFAULT-VALUE}).")
    int rounds = 51;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "Packets that each program gets in a round, 64 to 10000000 (default:"
                            + " ${DEFAULT-VALUE}).")
    int packets = 100_000;

    @Override
    public Integer call() throws IOException {
        Range.require(spec, "--rounds", rounds, 1, 10_000);
        Range.require(spec, "--packets", packets, 64, 10_000_000);
        List<BenchCase> cases = matrix ? BenchCase.matrix() : BenchCase.shortList();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        // Of JSON, which comes at the end, the lines are the progress.
        PrintWriter lines = output.isJson() ? err : out;
        lines.println(BenchText.heading());
        lines.flush();
        List<BenchResult> results = run(cases, lines);
        if (output.isJson()) {
            out.println(BenchText.json(results));
        }
        return 0;
    }

    private List<BenchResult> run(List<BenchCase> cases, PrintWriter lines) throws IOException {
        try {
            return new DirectorBench(rounds, packets)
                    .run(
                            cases,
                            result -> {
                                lines.println(BenchText.line(result));
                                lines.flush();
                            });
        } catch (DatapathException e) {
            throw new IOException("needs root and a kernel with BPF: " + e.getMessage(), e);
        }
    }
}
