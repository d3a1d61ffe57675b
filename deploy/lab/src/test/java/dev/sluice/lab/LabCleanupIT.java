package dev.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.lab.fabric.Fabric;
import dev.sluice.lab.process.JavaCommand;
import dev.sluice.lab.process.ProcessId;
import dev.sluice.lab.process.ProcessTable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a launcher leaves behind that ends in the middle. */
class LabCleanupIT {
    private static final LabSpec SPEC =
            LabSpec.of(Capabilities.labName("cleanupit"), Topology.of(1, 1, 1));
    private static final LabDirectory DIRECTORY = SPEC.directory();
    private static final Progress SILENT =
            new Progress(new PrintStream(OutputStream.nullOutputStream()));

    @BeforeEach
    void requireLab() throws Exception {
        Capabilities.requireLab();
        clean();
    }

    @AfterEach
    void clean() throws Exception {
        new LabCleanup(DIRECTORY, SILENT).run();
    }

    @Test
    void removesTheLeftoversOfACrashedLauncher() throws Exception {
        ProcessId dead = new ProcessId(ProcessHandle.current().pid(), 1);
        crash(Optional.of(dead));
        Node node = SPEC.topology().client();
        List<String> sleep = List.of("sleep", "600");
        ProcessId recorded = start("recorded", sleep);
        ProcessId stray = start("stray", List.of("sh", "-c", "sleep 600; true"));
        Files.delete(DIRECTORY.processes().resolve("stray"));

        assertThatThrownBy(this::bringUp)
                .hasMessageContaining("left half made")
                .hasMessageContaining("sluice down");
        assertThat(new LabCleanup(DIRECTORY, SILENT).run()).isTrue();

        assertThat(recorded.isAlive()).isFalse();
        assertThat(stray.isAlive()).isFalse();
        assertThat(Fabric.namespaces(DIRECTORY)).isEmpty();
        assertThat(DIRECTORY.root()).doesNotExist();
        assertThat(DIRECTORY.pins()).doesNotExist();
        assertThat(DIRECTORY.namespaceFile(node)).doesNotExist();
        assertThat(new LabCleanup(DIRECTORY, SILENT).run()).as("anything left").isFalse();
    }

    @Test
    void leavesALabAloneThatAnotherLauncherIsBringingUp() throws Exception {
        Process launcher = new ProcessBuilder("sleep", "600").start();
        try {
            crash(ProcessId.of(launcher.pid()));
            assertThatThrownBy(() -> new LabCleanup(DIRECTORY, SILENT).run())
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("process " + launcher.pid());
            assertThatThrownBy(this::bringUp).hasMessageContaining("just being brought up");
            assertThat(Fabric.namespaces(DIRECTORY)).isNotEmpty();
        } finally {
            launcher.destroyForcibly().waitFor();
        }
    }

    /** As far as a launcher gets before its first process. */
    private static void crash(Optional<ProcessId> launcher) throws IOException {
        Files.createDirectories(DIRECTORY.root());
        new LabRecord(SPEC.topology(), false, launcher).write(DIRECTORY);
        new Fabric(DIRECTORY, SPEC.topology()).build();
        assertThat(DIRECTORY.pins()).isNotEmptyDirectory();
    }

    private static ProcessId start(String name, List<String> command) throws IOException {
        Path namespace = DIRECTORY.namespaceFile(SPEC.topology().client());
        Path log = DIRECTORY.root().resolve(name + ".log");
        return new ProcessTable(DIRECTORY.processes()).start(name, namespace, log, command);
    }

    private void bringUp() throws IOException, LabException {
        JavaCommand java = JavaCommand.ofThisProcess("none");
        new LabStart(SPEC, java, new SilentOperator(), SILENT).run();
    }

    /** A controller that is not there. */
    private static final class SilentOperator implements Operator {
        @Override
        public Optional<ClusterView> look() {
            return Optional.empty();
        }

        @Override
        public long applyConfig(Path file) throws IOException {
            throw new IOException("no controller");
        }

        @Override
        public void drain(String proxy, Duration deadline) throws IOException {
            throw new IOException("no controller");
        }

        @Override
        public void fill(String proxy) throws IOException {
            throw new IOException("no controller");
        }

        @Override
        public void replace(String old, String replacement, Duration deadline) throws IOException {
            throw new IOException("no controller");
        }

        @Override
        public boolean weigh(String proxy, int weight) throws IOException {
            throw new IOException("no controller");
        }

        @Override
        public void removeDirector(String director) throws IOException {
            throw new IOException("no controller");
        }
    }
}
