package dev.sluice.director;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class HookIT {
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir Path directory;

    @Test
    void endsWithoutAWordWhenTheCommandDoes() throws Exception {
        assertThat(Hook.run(List.of("true"))).isEmpty();
        assertThat(Hook.run(List.of())).isEmpty();
    }

    @Test
    void tellsWhatAFailedCommandSaid() throws Exception {
        assertThat(Hook.run(List.of("sh", "-c", "echo no such router >&2; exit 7")))
                .contains("[sh, -c, echo no such router >&2; exit 7] ended with 7: no such router");
        assertThat(Hook.run(List.of("/no/such/command")).orElseThrow())
                .contains("could not be run");
    }

    @Test
    void killsACommandThatTakesTooLongAndAllThatItStarted() throws Exception {
        Path pid = directory.resolve("pid");
        String command = "sleep 60 & echo $! > " + pid + "; wait";
        assertThat(Hook.run(List.of("sh", "-c", command), SHORT).orElseThrow())
                .endsWith("did not end within 300 ms");
        long sleep = Long.parseLong(Files.readString(pid).strip());
        assertThat(ProcessHandle.of(sleep).filter(HookIT::isRunning)).isEmpty();
    }

    /** A zombie, which nobody has fetched yet, has ended. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }
}
