package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "add",
        description = {
            "Register a proxy with a pool: every host starts to know it, and it gets no connections",
            "until it is filled."
        },
        footer = {
            "",
            "Example:",
            "  sluice add proxy-9 --address 198.18.9.2 --pool web && sluice fill proxy-9",
        })
final class AddCommand extends ChangeCommand {
    @Mixin Arguments.Add arguments = new Arguments.Add();

    @Override
    Arguments arguments() {
        return arguments;
    }
}
