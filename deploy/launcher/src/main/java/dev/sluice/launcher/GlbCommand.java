package dev.sluice.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What helps an operator of GitHub's GLB to move over. */
@Command(
        name = "glb",
        description = "Work with the forwarding tables of GitHub's GLB.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {GlbBuildConfigCommand.class, GlbImportCommand.class, GlbPacketCommand.class})
final class GlbCommand {
    @Mixin HelpOption help = new HelpOption();
}
