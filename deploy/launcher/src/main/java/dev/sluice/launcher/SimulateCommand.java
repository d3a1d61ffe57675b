package dev.sluice.launcher;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.simulation.Guard;
import dev.sluice.simulation.MeasureText;
import dev.sluice.simulation.Outcome;
import dev.sluice.simulation.Simulation;
import dev.sluice.simulation.SimulationText;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** The proof by simulation, for a range of seeds or one of them. */
@Command(
        name = "simulate",
        description = {
            "Run whole clusters in virtual time, around the functions that decide in production:"
                    + " faults, lagging nodes, changes, and every promise asked after every event.",
            "The same seed always gives the same run. Ends with 1 at the first broken promise, and"
                    + " says how to see it again.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice simulate --seeds 1..500",
            "  sluice simulate --seed 44 --without PENDING_PROTECTS_NOBODY --trace",
            "  sluice simulate --seed 44 --without PENDING_PROTECTS_NOBODY --minimise",
            "  sluice simulate --measure --seeds 1..20",
        })
final class SimulateCommand implements Callable<Integer> {
    private static final String RANGE = "\\d{1,18}\\.\\.\\d{1,18}";

    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin OutputOption output = new OutputOption();

    @Option(names = "--seed", paramLabel = "N", description = "One seed.")
    Optional<Long> seed = Optional.empty();

    @Option(
            names = "--seeds",
            paramLabel = "A..B",
            defaultValue = "1..100",
            description = "All seeds of a range (default: ${DEFAULT-VALUE}).")
    String seeds = "1..100";

    @Option(
            names = "--wire",
            paramLabel = "sluice|glb",
            defaultValue = "SLUICE",
            description = {
                "Wire format of the pool (default: sluice). On GLB's fewer flows are promised",
                "to live: docs/protocol.md says which.",
            })
    Wire wire = Wire.SLUICE;

    @Option(
            names = "--without",
            paramLabel = "GUARD",
            description = {
                "Switch a guard of PROTOCOL.md off, to see what it is for; repeatable:",
                "${COMPLETION-CANDIDATES}.",
            })
    List<Guard> without = List.of();

    @Option(
            names = "--only",
            paramLabel = "N",
            split = ",",
            description = "Of the seed's faults and commands only these; by number.")
    List<Integer> only = List.of();

    @Option(
            names = "--minimise",
            description = "Leave out every fault and command that a broken promise does not need.")
    boolean minimise;

    @Option(names = "--trace", description = "Tell what happened up to the broken promise.")
    boolean trace;

    @Option(
            names = "--measure",
            description = {
                "Measure instead: how long a drain takes with 2, 20 and 200 directors,",
                "and how many flows Sluice and GLB as it is operated cut in the --seeds.",
            })
    boolean measure;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (measure) {
            requireOnlySeeds();
            measure(out);
            return 0;
        }
        Set<Guard> off = EnumSet.noneOf(Guard.class);
        off.addAll(without);
        long[] range = range();
        for (long next = range[0]; next <= range[1]; next++) {
            Outcome outcome = run(next, off);
            boolean bad = !outcome.isGood();
            if (output.isJson()) {
                out.println(SimulationText.json(outcome));
            } else if (bad || seed.isPresent()) {
                SimulationText.lines(outcome).forEach(out::println);
            }
            out.flush();
            if (bad) {
                return 1;
            }
        }
        if (!output.isJson()) {
            out.println(
                    range[1] - range[0] + 1 + " seeds: every promise was kept after every event.");
        }
        return 0;
    }

    private void requireOnlySeeds() {
        boolean others = seed.isPresent() || !only.isEmpty() || !without.isEmpty();
        if (others || minimise || trace) {
            throw usage("--measure goes with --seeds and -o only: it counts, and shows no run");
        }
    }

    private void measure(PrintWriter out) {
        long[] range = range();
        List<String> lines = MeasureText.lines(range[0], range[1], output.isJson());
        lines.forEach(out::println);
        out.flush();
    }

    private Outcome run(long number, Set<Guard> off) {
        if (!only.isEmpty()) {
            return Simulation.run(number, wire, off, only, trace);
        }
        Outcome outcome = Simulation.run(number, wire, off, trace && !minimise);
        return minimise && !outcome.isGood() ? Simulation.minimised(outcome, trace) : outcome;
    }

    private long[] range() {
        if (seed.isPresent()) {
            return new long[] {seed.get(), seed.get()};
        }
        if (!only.isEmpty()) {
            throw usage("--only is of one seed's faults and commands: give --seed too");
        }
        if (!seeds.matches(RANGE)) {
            throw usage("--seeds is '" + seeds + "': allowed is a range such as 1..500");
        }
        int dots = seeds.indexOf("..");
        long first = Long.parseLong(seeds.substring(0, dots));
        long last = Long.parseLong(seeds.substring(dots + 2));
        if (first > last) {
            throw usage("--seeds is " + seeds + ": the first seed comes first");
        }
        return new long[] {first, last};
    }

    private ParameterException usage(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
