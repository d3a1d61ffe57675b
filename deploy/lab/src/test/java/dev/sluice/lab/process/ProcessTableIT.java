package dev.sluice.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.lab.Capabilities;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

class ProcessTableIT {
    private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/net");
    private static final int SIGTERM = 15;

    @Test
    void knowsAProcessOfItsOwnByPidAndStart() {
        ProcessId self = ProcessId.of(ProcessHandle.current().pid()).orElseThrow();
        assertThat(self.isAlive()).isTrue();
        assertThat(ProcessId.parse(self.toString())).isEqualTo(self);
        assertThat(new ProcessId(self.pid(), self.startTicks() + 1).isAlive()).isFalse();
    }

    @Test
    void neverKillsAnotherProcessThatHasThePidNow() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            ProcessId now = ProcessId.of(process.pid()).orElseThrow();
            new ProcessId(now.pid(), now.startTicks() - 1).kill();
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aPausedProcessLivesAndEndsWhenItIsAskedTo() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        ProcessId id = ProcessId.of(process.pid()).orElseThrow();
        id.pause();
        await().until(id::isPaused);
        assertThat(id.isAlive()).isTrue();
        id.resume();
        await().until(() -> !id.isPaused());
        id.pause();
        await().until(id::isPaused);
        ProcessTable.end(List.of(id));
        assertThat(id.isAlive()).isFalse();
        assertThat(process.waitFor())
                .as("it is woken to end by itself, not killed after a while")
                .isEqualTo(128 + SIGTERM);
    }

    @Test
    void findsWhatAnEarlierLauncherStarted(@TempDir Path folder) throws Exception {
        Capabilities.requireLab();
        Path log = folder.resolve("log");
        ProcessId started =
                new ProcessTable(folder.resolve("processes"))
                        .start(
                                "node",
                                OWN_NAMESPACE,
                                log,
                                List.of("sh", "-c", "echo hi; sleep 60"));

        await().until(() -> Files.readString(log).equals("hi\n"));

        ProcessTable later = new ProcessTable(folder.resolve("processes"));
        assertThat(later.find("node")).contains(started);
        assertThat(later.alive()).containsExactly(started);
        ProcessTable.end(later.alive());
        assertThat(ProcessTable.awaitEnd(List.of(started), Duration.ofSeconds(60))).isTrue();
        assertThat(later.isAlive("node")).isFalse();
        assertThat(later.find("other")).isEqualTo(Optional.empty());
    }
}
