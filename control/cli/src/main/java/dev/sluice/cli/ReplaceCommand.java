package dev.sluice.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replace",
        description = {
            "Let one proxy take another one's place and weight, in one change: the new one takes",
            "new connections, the old one finishes those it has.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice replace proxy-1 proxy-9 --wait",
            "  sluice replace proxy-1 proxy-9 --deadline 1h --queue",
        })
final class ReplaceCommand extends ChangeCommand {
    @Mixin Arguments.Replace arguments = new Arguments.Replace();

    @Mixin Insistence insistence = new Insistence();

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "acknowledged|drained",
            preprocessor = GoalText.class,
            description = {
                "Until every director forwards by the new view (acknowledged) or until nothing is",
                "left on the old proxy (drained, the default).",
            })
    ChangeWait.@Nullable Goal goal;

    @Override
    Arguments arguments() {
        return arguments;
    }

    @Override
    Insistence insistence() {
        return insistence;
    }

    @Override
    ChangeWait.@Nullable Goal goal() {
        return goal;
    }
}
