package dev.sluice.launcher;

import dev.sluice.control.ControlProcess;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The controller's role. */
@Command(name = "control", description = "Be a controller.", synopsisSubcommandLabel = "COMMAND")
final class ControlCommand {
    @Mixin HelpOption help = new HelpOption();

    @Command(name = "run", description = "Run a controller until it is told to stop.")
    int run(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file,
            @Option(
                            names = "--embedded-zookeeper",
                            description =
                                    "Run a ZooKeeper server in this process, for clusters of one"
                                            + " controller.")
                    boolean embeddedZooKeeper)
            throws InterruptedException {
        return ControlProcess.run(file, embeddedZooKeeper);
    }
}
