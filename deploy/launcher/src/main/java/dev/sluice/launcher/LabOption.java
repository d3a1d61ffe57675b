package dev.sluice.launcher;

import dev.sluice.lab.LabDirectory;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which lab a command is about. */
final class LabOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--lab",
            paramLabel = "NAME",
            defaultValue = "${env:SLUICE_LAB:-" + LabDirectory.DEFAULT + "}",
            description =
                    "Which lab, if several stand side by side (environment: SLUICE_LAB; default:"
                            + " ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String name;

    LabDirectory directory() {
        try {
            return new LabDirectory(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
