package dev.sluice.launcher;

import picocli.CommandLine.Option;

/** Of every command that prints facts: for people, or for programs. */
final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            converter = OutputConverter.class,
            defaultValue = "text",
            description = "text (default) or json.")
    OutputConverter.Format format = OutputConverter.Format.TEXT;

    boolean isJson() {
        return format == OutputConverter.Format.JSON;
    }
}
