package dev.sluice.launcher;

import dev.sluice.lab.Lab;
import dev.sluice.lab.LabException;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Progress;
import dev.sluice.lab.Report;
import dev.sluice.lab.demo.Demo;
import dev.sluice.lab.demo.DemoSpec;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The main job in one command. */
@Command(
        name = "demo",
        description = {
            "Start a cluster, send traffic, drain the proxy that serves a running download, lose the"
                    + " director host that carries it, and take the cluster down.",
            "Fails unless every promise was kept. Needs root.",
        })
final class DemoCommand implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    @Mixin LabOption lab = new LabOption();

    @Mixin SizeOptions size = new SizeOptions();

    /** How directors forward. */
    enum Datapath {
        xdp
    }

    @Option(
            names = "--datapath",
            paramLabel = "NAME",
            defaultValue = "xdp",
            description =
                    "How directors forward: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    Datapath datapath = Datapath.xdp;

    @Option(
            names = "--chain-hops",
            paramLabel = "N",
            hidden = true,
            description = "Cut every chain to so many hops, to see what breaks without the others.")
    Optional<Integer> chainHops = Optional.empty();

    @Override
    public Integer call() throws IOException, LabException {
        LabSpec plain = size.spec(lab.directory());
        LabSpec spec = chainHops.map(plain::withChainHops).orElse(plain);
        Progress progress = new Progress(System.out);
        Report report;
        try (OnInterrupt _ = new OnInterrupt();
                AdminOperator operator = AdminOperator.of(spec.directory())) {
            report = run(spec, operator, progress);
        }
        report.print(System.out);
        System.out.println(
                report.isGood()
                        ? "Every promise was kept."
                        : report.broken().size() + " promises were not kept.");
        return report.isGood() ? 0 : 1;
    }

    private static Report run(LabSpec spec, AdminOperator operator, Progress progress)
            throws IOException, LabException {
        Lab lab = UpCommand.bringUp(spec, operator, progress);
        try {
            return new Demo(lab, operator, DemoSpec.DEFAULT, progress).run();
        } finally {
            UpCommand.takeDown(spec.directory(), progress);
        }
    }
}
