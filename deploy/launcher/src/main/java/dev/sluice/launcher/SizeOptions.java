package dev.sluice.launcher;

import dev.sluice.cluster.pool.PoolSpec.Wire;
import dev.sluice.lab.LabDirectory;
import dev.sluice.lab.LabSpec;
import dev.sluice.lab.Topology;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.OptionalInt;

/** How large a lab to bring up. */
final class SizeOptions {
    private static final int UPSTREAMS = 2;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--zookeepers",
            paramLabel = "N",
            defaultValue = "1",
            description = {
                "ZooKeeper servers, 1, 3 or 5 (default: ${DEFAULT-VALUE}).",
                "One beside one controller runs in that process."
            })
    private int zookeepers;

    @Option(
            names = "--controls",
            paramLabel = "N",
            defaultValue = "1",
            description = "Controllers, 1 to 5 (default: ${DEFAULT-VALUE}).")
    private int controls;

    @Option(
            names = "--directors",
            paramLabel = "N",
            defaultValue = "2",
            description = "Director hosts, 1 to 32 (default: ${DEFAULT-VALUE}).")
    private int directors;

    @Option(
            names = "--proxies",
            paramLabel = "N",
            defaultValue = "3",
            description = "Proxy hosts, 1 to 40 (default: ${DEFAULT-VALUE}).")
    private int proxies;

    LabSpec spec(LabDirectory directory) {
        try {
            return new LabSpec(
                    directory,
                    new Topology(zookeepers, controls, directors, proxies, UPSTREAMS),
                    Wire.SLUICE,
                    OptionalInt.empty());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
