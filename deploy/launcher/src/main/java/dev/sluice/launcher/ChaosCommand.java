package dev.sluice.launcher;

import dev.sluice.lab.Json;
import dev.sluice.lab.Topology;
import dev.sluice.lab.scenario.Catalog;
import dev.sluice.lab.scenario.Trial;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Scenarios of changes and faults under traffic. */
@Command(
        name = "chaos",
        description = "Changes and faults under traffic that notices everything.",
        subcommands = ChaosRunCommand.class,
        synopsisSubcommandLabel = "COMMAND")
final class ChaosCommand {
    @Mixin HelpOption help = new HelpOption();

    /** As {@code list} shows it. */
    record Entry(String name, String summary, int zookeepers, int controls) {
        static Entry of(Trial trial) {
            Topology topology = trial.topology();
            return new Entry(
                    trial.name(), trial.summary(), topology.zookeepers(), topology.controls());
        }
    }

    @Command(
            name = "list",
            description = "The scenarios that 'run' can play.",
            footer = {"", "Example: sluice chaos list -o json"})
    int list(@Mixin HelpOption help, @Mixin OutputOption output) {
        var entries = Catalog.all().stream().map(Entry::of).toList();
        if (output.isJson()) {
            System.out.println(Json.of(entries));
            return 0;
        }
        for (Entry entry : entries) {
            System.out.printf("%-20s %s%n", entry.name(), entry.summary());
        }
        System.out.printf(
                "%-20s %s%n",
                "rolling",
                "Many connections, several changes and a lost director: see 'chaos run rolling"
                        + " --help'.");
        return 0;
    }
}
