package dev.sluice.cli;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that a configuration comes from. */
final class ConfigSource {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The YAML file; - reads standard input.")
    private String file = "";

    /** What error messages call it. */
    String origin() {
        return file.equals("-") ? "standard input" : file;
    }

    String text() throws Failure {
        try {
            return file.equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    file + " cannot be read as UTF-8 text (" + e + "); name a readable file");
        }
    }
}
