package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "settle",
        description = {
            "Drop an older epoch although somebody may still need it.",
            "The leader drops one by itself as soon as nothing holds it ('sluice epochs'); this is",
            "for a holder that stays silent. Says first what it risks, and asks.",
        },
        footer = {"", "Example:", "  sluice settle 4 --pool web --force"})
final class SettleCommand extends ChangeCommand {
    @Mixin Arguments.Settle arguments = new Arguments.Settle();

    @Option(names = "--force", description = "Drop it even if that may cut connections.")
    boolean force;

    @Option(names = "--yes", description = "Do not ask: needed with --force in scripts.")
    boolean yes;

    @Override
    Arguments arguments() {
        return arguments;
    }

    @Override
    Insistence insistence() {
        return Insistence.forced(force, yes);
    }
}
