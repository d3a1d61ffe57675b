package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "confirm-off",
        description = {
            "Say that a proxy host is off and that its connections are dead, so that nobody waits for",
            "its word any more. Refused while its process has a session. It does not take the proxy",
            "out of the view: drain it too. If the host runs after all, its connections may be cut."
        },
        footer = {
            "",
            "Example:",
            "  sluice drain proxy-3; sluice confirm-off proxy-3",
        })
final class ConfirmOffCommand extends ChangeCommand {
    @Mixin Arguments.ConfirmOff arguments = new Arguments.ConfirmOff();

    @Override
    Arguments arguments() {
        return arguments;
    }
}
