package dev.sluice.launcher;

import dev.sluice.control.ZooKeeperProcess;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The role of a ZooKeeper server. */
@Command(
        name = "zookeeper",
        description = "Be a ZooKeeper server.",
        synopsisSubcommandLabel = "COMMAND")
final class ZooKeeperCommand {
    @Mixin HelpOption help = new HelpOption();

    @Command(
            name = "run",
            description = {
                "Run one server of a ZooKeeper ensemble until it is told to stop.",
                "FILE is in ZooKeeper's own format (zoo.cfg); 'sluice up --zookeepers 3' writes"
                        + " working examples to /run/sluice/lab/config."
            },
            footer = {"", "Example: sluice zookeeper run --config /etc/sluice/zookeeper-1.cfg"})
    int run(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file) {
        return ZooKeeperProcess.run(file);
    }
}
