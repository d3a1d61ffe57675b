package dev.sluice.cli;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The file, or the folder of files, that a configuration comes from. A folder's files are one text:
 * each behind a line that names it, as the control process and {@code config show} have it.
 */
final class ConfigSource {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description =
                    "The YAML file, or a folder whose *.yaml are one configuration; - reads"
                            + " standard input.")
    private String file = "";

    /** What error messages call it. */
    String origin() {
        return file.equals("-") ? "standard input" : file;
    }

    String text() throws Failure {
        Path path = Path.of(file);
        try {
            if (file.equals("-")) {
                return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            }
            return Files.isDirectory(path) ? folder(path) : Files.readString(path);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.FAILED,
                    file + " cannot be read as UTF-8 text (" + e + "); name a readable file");
        }
    }

    private static String folder(Path folder) throws IOException, Failure {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
        if (files.isEmpty()) {
            throw new Failure(
                    ExitCode.FAILED, folder + " has no *.yaml; name a folder that has, or a file");
        }
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            String content = Files.readString(file);
            text.append("--- # file: ").append(file.getFileName()).append('\n').append(content);
            text.append(content.endsWith("\n") ? "" : "\n");
        }
        return text.toString();
    }
}
