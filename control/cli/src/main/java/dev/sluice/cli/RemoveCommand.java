package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "remove",
        description = {
            "Forget a proxy that is drained. Refused while it takes new connections, or while an",
            "older view that it is part of has not settled."
        },
        footer = {
            "",
            "Example:",
            "  sluice drain proxy-9 --wait && sluice remove proxy-9",
        })
final class RemoveCommand extends ChangeCommand {
    @Mixin Arguments.Remove arguments = new Arguments.Remove();

    @Override
    Arguments arguments() {
        return arguments;
    }
}
