package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is wrong with a table is said the same way by every command that reads one. */
class GlbBadInputTest {
    private static final int FAILED = 1;
    private static final String BIND =
            "{\"ip\": \"203.0.113.0/24\", \"proto\": \"tcp\", \"port\": 80}";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir Path directory = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "203.0.113.0/24 | 203.0.113.0/33 | binds[0].ip: '203.0.113.0/33' is not valid; allowed:",
                "203.0.113.0/24 | 203.0.113.0/-1 | binds[0].ip: '203.0.113.0/-1' is not valid; allowed:",
                "203.0.113.0/24 | 2001:db8::/129 | binds[0].ip: '2001:db8::/129' is not valid; allowed:",
                "\"port\": 80 | \"port_start\": 90, \"port_end\": 80 | binds[0].port_end: is below port_start;",
                "\"active\" | \"inactive\" | backends: has none to forward to; allowed: at least one not inactive",
                "198.18.0.1 | 198.18.0.300 | backends[0].ip: '198.18.0.300' is not valid; allowed:",
            })
    void saysWhatIsWrongWhereAndWhatIsAllowed(String right, String wrong, String problem)
            throws IOException {
        assertThat(table(2)).contains(right);
        assertRefused(table(2).replace(right, wrong), problem);
    }

    @Test
    void refusesA257thBackend() throws IOException {
        assertRefused(table(257), "backends: has 257 elements; allowed: at most 256");
        assertThat(run("glb", "import", write(table(256)))).as(err.toString()).isZero();
    }

    @Test
    void importsWhatGlbUsesToday() throws IOException {
        assertThat(run("glb", "import", write(table(2)))).as(err.toString()).isZero();
        assertThat(out.toString()).contains("203.0.113.0/24", "198.18.0.1", "198.18.0.2", "glb");
    }

    private void assertRefused(String json, String problem) throws IOException {
        String source = write(json);
        Path destination = Files.writeString(directory.resolve("table.bin"), "before");

        assertThat(run("glb", "build-config", source, destination.toString())).isEqualTo(FAILED);
        assertThat(err.toString()).startsWith(source + ":").contains(": tables[0]." + problem);
        assertThat(destination).hasContent("before");

        String said = err.toString();
        err.getBuffer().setLength(0);
        assertThat(run("glb", "import", source)).isEqualTo(FAILED);
        assertThat(err.toString()).isEqualTo(said);
        assertThat(out.toString()).isEmpty();
    }

    private String write(String json) throws IOException {
        return Files.writeString(directory.resolve("table.json"), json).toString();
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private static String table(int backends) {
        String list =
                IntStream.range(0, backends)
                        .mapToObj(i ->
                                "{\"ip\": \"198.18.%d.%d\", \"state\": \"active\", \"healthy\": true}"
                                        .formatted(i >> 7, 1 + (i & 127)))
                        .collect(Collectors.joining(", "));
        return """
        {"tables": [{"hash_key": "000102030405060708090a0b0c0d0e0f",
          "seed": "0f0e0d0c0b0a09080706050403020100",
          "binds": [%s], "backends": [%s]}]}
        """
                .formatted(BIND, list);
    }
}
