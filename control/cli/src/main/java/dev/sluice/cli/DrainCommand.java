package dev.sluice.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "drain",
        description = {
            "Let proxies take no new connections and finish those they have.",
            "Nothing is cut before the deadline; without one, never.",
        },
        footer = {
            "",
            "Examples:",
            "  sluice drain proxy-1 --wait",
            "  sluice drain proxy-1 proxy-2 --queue",
            "  sluice drain proxy-1 --deadline 30m --wait=acknowledged",
            "",
            "Ctrl-C ends the waiting only; 'sluice fill PROXY' takes a drain back.",
        })
final class DrainCommand extends ChangeCommand {
    @Mixin Arguments.Drain arguments = new Arguments.Drain();

    @Mixin Insistence insistence = new Insistence();

    @Option(
            names = "--wait",
            arity = "0..1",
            paramLabel = "acknowledged|drained",
            preprocessor = GoalText.class,
            description = {
                "Show what is left until every director forwards by the new view (acknowledged)",
                "or until nothing is left (drained, the default).",
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

    @Override
    String goesOn() {
        String proxies = String.join(" ", arguments.proxies);
        return "the drain of "
                + proxies
                + " goes on; follow it with 'sluice status --watch', take it back with 'sluice fill "
                + proxies
                + "'";
    }
}
