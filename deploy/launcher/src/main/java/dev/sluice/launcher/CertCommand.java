package dev.sluice.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What has to do with certificates. */
@Command(
        name = "cert",
        description = "Look at certificates as a proxy does.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = CertCheckCommand.class)
final class CertCommand {
    @Mixin HelpOption help = new HelpOption();
}
