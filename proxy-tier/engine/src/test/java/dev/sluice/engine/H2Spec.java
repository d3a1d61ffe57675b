package dev.sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The conformance suite h2spec 2.2.0, as it comes in a jar of Maven Central. */
final class H2Spec {
    private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    private final Path binary;

    private H2Spec(Path binary) {
        this.binary = binary;
    }

    /** What it came to; the text is for people. */
    record Verdict(int tests, int passed, int skipped, int failed, String text) {}

    static H2Spec unpack(Path folder) throws Exception {
        try (InputStream archive = H2Spec.class.getResourceAsStream(ARCHIVE)) {
            Path file = folder.resolve("h2spec.tar.gz");
            Files.copy(Objects.requireNonNull(archive), file);
            run(List.of("tar", "-xzf", file.toString(), "-C", folder.toString()));
        }
        return new H2Spec(folder.resolve("h2spec"));
    }

    /** Runs every case, the strict ones as well. */
    Verdict judge(int port, String... more) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                binary.toString(),
                                "-h",
                                "127.0.0.1",
                                "-p",
                                "" + port,
                                "-S",
                                "-o",
                                "5"));
        command.addAll(List.of(more));
        String text = run(command);
        Matcher count =
                Pattern.compile("(\\d+) tests, (\\d+) passed, (\\d+) skipped, (\\d+) failed")
                        .matcher(text);
        assertThat(count.find()).as(text).isTrue();
        return new Verdict(
                number(count, 1), number(count, 2), number(count, 3), number(count, 4), text);
    }

    private static int number(Matcher match, int group) {
        return Integer.parseInt(match.group(group));
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
