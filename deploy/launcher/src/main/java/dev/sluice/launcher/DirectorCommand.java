package dev.sluice.launcher;

import dev.sluice.director.DirectorRole;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The director's role. */
@Command(
        name = "director",
        description = "Be a director, or withdraw one.",
        synopsisSubcommandLabel = "COMMAND")
final class DirectorCommand {
    @Mixin HelpOption help = new HelpOption();

    @Command(
            name = "run",
            description = {
                "Run a director until it is told to stop.",
                "Packets go on by its XDP program and tables after that."
            })
    int run(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.run(file);
    }

    @Command(
            name = "withdraw",
            description =
                    "Take a stopped director out of service: routers are told, and nobody waits for"
                            + " it any more.")
    int withdraw(
            @Mixin HelpOption help,
            @Option(names = "--config", paramLabel = "FILE", required = true) Path file)
            throws InterruptedException {
        return DirectorRole.withdraw(file);
    }
}
