package dev.sluice.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "weight",
        description = {
            "Give proxies other shares of the new connections; those they have stay.",
            "Of a proxy that takes none now it is what it gets when it is filled."
        },
        footer = {
            "",
            "Examples:",
            "  sluice weight proxy-1=3 proxy-2=1",
            "  sluice weight proxy-1=10 --wait",
        })
final class WeightCommand extends ChangeCommand {
    @Mixin Arguments.Weight arguments = new Arguments.Weight();

    @Mixin Insistence insistence = new Insistence();

    @Option(names = "--wait", description = "Until every director forwards by the new view.")
    boolean wait;

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
        return wait ? ChangeWait.Goal.acknowledged : null;
    }
}
