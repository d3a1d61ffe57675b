package dev.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class GlbCommandTest {
    private static final String TABLE =
            """
            {"tables": [{"hash_key": "000102030405060708090a0b0c0d0e0f",
              "seed": "0f0e0d0c0b0a09080706050403020100",
              "binds": [{"ip": "203.0.113.10", "proto": "tcp", "port": 80}],
              "backends": [{"ip": "198.18.0.1", "state": "active", "healthy": true},
                           {"ip": "198.18.0.2", "state": "active", "healthy": true}]}]}
            """;

    private final StringWriter err = new StringWriter();
    @TempDir Path directory = Path.of("");

    @Test
    void buildConfigReplacesTheFileAndLeavesNothingBeside() throws IOException {
        Path source = Files.writeString(directory.resolve("table.json"), TABLE);
        Path destination = Files.writeString(directory.resolve("table.bin"), "before");

        assertThat(buildConfig(source, destination)).as(err.toString()).isZero();

        assertThat(destination).hasSize(24 + 537_624);
        assertThat(Arrays.copyOf(Files.readAllBytes(destination), 4))
                .isEqualTo("GLBD".getBytes(StandardCharsets.US_ASCII));
        assertThat(files()).containsExactlyInAnyOrder("table.json", "table.bin");
    }

    @Test
    void buildConfigLeavesTheFileAloneIfTheTableIsWrong() throws IOException {
        Path source =
                Files.writeString(directory.resolve("table.json"), TABLE.replace("tcp", "sctp"));
        Path destination = Files.writeString(directory.resolve("table.bin"), "before");

        assertThat(buildConfig(source, destination)).isEqualTo(1);

        assertThat(err.toString())
                .startsWith(source + ":3:45: tables[0].binds[0].proto: 'sctp' is not allowed;");
        assertThat(destination).hasContent("before");
        assertThat(files()).containsExactlyInAnyOrder("table.json", "table.bin");
    }

    @Test
    void buildConfigSaysWhichFileItCannotReadOrWrite() throws IOException {
        Path source = directory.resolve("table.json");
        assertThat(buildConfig(source, directory.resolve("table.bin"))).isEqualTo(1);
        assertThat(err.toString()).contains(source + ": there is no such file");

        Files.writeString(source, TABLE);
        Path nowhere = directory.resolve("nowhere/table.bin");
        assertThat(buildConfig(source, nowhere)).isEqualTo(1);
        assertThat(err.toString()).contains(nowhere + ": is not a file in a folder that exists");

        Files.write(source, new byte[] {'{', (byte) 0xff, '}'});
        assertThat(buildConfig(source, directory.resolve("table.bin"))).isEqualTo(1);
        assertThat(err.toString()).contains(source + ": is not UTF-8");
    }

    private int buildConfig(Path source, Path destination) {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(err, true));
        return line.execute("glb", "build-config", source.toString(), destination.toString());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> directory.relativize(file).toString()).toList();
        }
    }
}
