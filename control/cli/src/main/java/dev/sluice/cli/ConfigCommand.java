package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

@Command(
        name = "config",
        description = "Check, apply, compare or show the configuration that the proxies serve.",
        subcommands = {
            ConfigValidateCommand.class,
            ConfigDiffCommand.class,
            ConfigApplyCommand.class,
            ConfigRollbackCommand.class,
            ConfigHistoryCommand.class,
            ConfigShowCommand.class,
        },
        footer = {
            "",
            "Examples:",
            "  sluice config diff -f site.yaml",
            "  sluice config apply -f site.yaml",
            "  sluice config rollback",
            "  sluice config show > site.yaml",
        })
final class ConfigCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
