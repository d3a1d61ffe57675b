package dev.sluice.chaos.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.lab.process.Command;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A machine without an engine is told what it lacks. */
class EngineTest {
    /** What the script itself calls. */
    private static final List<String> TOOLS =
            List.of("bash", "cut", "dirname", "id", "readlink", "sha256sum");

    @TempDir Path folder;

    @Test
    void namesEveryProgramThatIsMissingWithItsPackage() throws IOException {
        for (String tool : TOOLS) {
            Files.createSymbolicLink(folder.resolve(tool), find(tool));
        }
        Command.Result said =
                Command.run(
                        find("env").toString(),
                        "PATH=" + folder,
                        Path.of("..", "deploy", "images", "engine").toString(),
                        "missing");
        assertThat(said.exitCode()).isZero();
        assertThat(said.output())
                .contains("dockerd (apt-get install --no-install-recommends docker.io)")
                .contains("runc (apt-get install --no-install-recommends runc)")
                .contains("ip (apt-get install --no-install-recommends iproute2)");
    }

    private static Path find(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(bin -> Path.of(bin, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTestSaysWhatIsMissingAndWhatInstallsIt() {
        assertThat(Engine.whyNone("dockerd (…)\nrunc (…)"))
                .contains("for want of: dockerd (…); runc (…).")
                .contains("./sluice test --install");
        assertThat(Engine.whyNone("")).contains("./sluice test").contains("engine start");
    }
}
