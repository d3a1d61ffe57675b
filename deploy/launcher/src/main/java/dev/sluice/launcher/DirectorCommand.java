package dev.sluice.launcher;

import dev.sluice.director.DirectorRole;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The director's role. */
@Command(
        name = "director",
        description = "Be a director or its watchdog, or withdraw one.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  sluice director run --config /etc/sluice/director.yaml"})
final class DirectorCommand {
    @Mixin HelpOption help = new HelpOption();

    @Command(
            name = "run",
            description = {
                "Run a director until it is told to stop.",
                "Packets go on by its XDP program and tables after that."
            },
            footer = {"", "Example:", "  sluice director run --config /etc/sluice/director.yaml"})
    int run(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.run(file);
    }

    @Command(
            name = "watchdog",
            description = {
                "Outlive a director's process beside it, by the same file.",
                "When that process is dead and its table has been older than ZooKeeper's for a",
                "while (watchdog.patience), the host is withdrawn: 'announce.down' is run, and",
                "nobody waits for it any more. The process undoes it when it returns. With",
                "ZooKeeper away, or with a table that is current, nothing happens."
            },
            footer = {
                "",
                "Example:",
                "  sluice director watchdog --config /etc/sluice/director.yaml"
            })
    int watchdog(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.watchdog(file);
    }

    @Command(
            name = "withdraw",
            description =
                    "Take a stopped director out of service: routers are told, and nobody waits for"
                            + " it any more.",
            footer = {
                "",
                "Example:",
                "  sluice director withdraw --config /etc/sluice/director.yaml"
            })
    int withdraw(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.withdraw(file);
    }
}
