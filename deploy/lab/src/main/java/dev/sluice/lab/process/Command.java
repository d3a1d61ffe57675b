package dev.sluice.lab.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Runs a short program to its end. */
public final class Command {
    private Command() {}

    /**
     * @param output both streams of it
     */
    public record Result(int exitCode, String output) {}

    /** Feeds {@code input} to it and reads what it says. */
    public static Result run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(await(process), output.strip());
    }

    public static Result run(String... command) throws IOException {
        return run(List.of(command), "");
    }

    /**
     * @throws IOException with its output if it fails
     */
    public static String require(String... command) throws IOException {
        Result result = run(command);
        if (result.exitCode() != 0) {
            throw failed(List.of(command), result);
        }
        return result.output();
    }

    /** A program of that name can be run. */
    public static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    static IOException failed(List<String> command, Result result) {
        return new IOException(
                "'"
                        + String.join(" ", command)
                        + "' ended with "
                        + result.exitCode()
                        + ": "
                        + result.output());
    }

    /** Waits for a process; an interrupt is an I/O error to the caller. */
    public static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a process", e);
        }
    }
}
