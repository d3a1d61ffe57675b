package dev.sluice.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements of this machine. */
@Command(
        name = "bench",
        description = "Measure parts of Sluice on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchDirectorCommand.class,
            BenchProxyCommand.class,
            BenchRoutesCommand.class,
            BenchFeaturesCommand.class,
            BenchBalanceCommand.class,
            BenchReloadCommand.class
        })
final class BenchCommand implements Runnable {
    @Mixin HelpOption help = new HelpOption();

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say what to measure: director, proxy, routes, features, balance or reload");
    }
}
