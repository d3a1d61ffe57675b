package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "abort",
        description = {
            "Give up a change that is still being prepared: nothing has moved yet.",
            "A committed change is taken back by its opposite, drain or fill.",
        },
        footer = {"", "Example:", "  sluice abort web"})
final class AbortCommand extends ChangeCommand {
    private final Arguments arguments = new Arguments.Abort();

    @Parameters(
            arity = "0..1",
            paramLabel = "POOL",
            description = "The pool (default: the one that is preparing a change).",
            defaultValue = "")
    void setPool(String name) {
        if (!name.isEmpty()) {
            pool = name;
        }
    }

    @Override
    Arguments arguments() {
        return arguments;
    }
}
