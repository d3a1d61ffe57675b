package dev.sluice.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "fill",
        description = {"Let proxies take new connections, again or for the first time."},
        footer = {
            "",
            "Examples:",
            "  sluice fill proxy-1 --wait",
            "  sluice fill proxy-1 proxy-2 --queue",
        })
final class FillCommand extends ChangeCommand {
    @Mixin Arguments.Fill arguments = new Arguments.Fill();

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
