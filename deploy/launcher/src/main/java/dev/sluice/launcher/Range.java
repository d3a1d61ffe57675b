package dev.sluice.launcher;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What the value of an option may be. */
final class Range {
    private Range() {}

    /** Refuses what is less or more than allowed. */
    static void require(CommandSpec spec, String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " is " + value + ": allowed are " + least + " to " + most);
        }
    }
}
