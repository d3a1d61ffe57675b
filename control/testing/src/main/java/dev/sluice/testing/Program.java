package dev.sluice.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A program that a test asks something, and waits for. */
public final class Program {
    private Program() {}

    /**
     * @param status which it ended with
     * @param text what it said, to either stream
     */
    public record Answer(int status, String text) {}

    /** Its answer, to nothing. */
    public static Answer run(String... command) throws IOException, InterruptedException {
        return feed("", command);
    }

    /**
     * Its answer to a text.
     *
     * @param input which must be short, or be read before the program says much
     */
    public static Answer feed(String input, String... command)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }
}
