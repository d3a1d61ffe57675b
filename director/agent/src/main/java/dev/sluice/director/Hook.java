package dev.sluice.director;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An operator's command, run without a shell and within a time limit. */
final class Hook {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int SHOWN = 500;

    private Hook() {}

    /**
     * Blocks until the command ends.
     *
     * @param command nothing to do if empty
     * @return what went wrong, for people
     */
    static Optional<String> run(List<String> command) throws InterruptedException {
        return run(command, LIMIT);
    }

    static Optional<String> run(List<String> command, Duration limit) throws InterruptedException {
        if (command.isEmpty()) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return Optional.of(command + " did not end within " + limit.toMillis() + " ms");
            }
            String output =
                    new String(process.getInputStream().readNBytes(SHOWN), StandardCharsets.UTF_8);
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(
                            command + " ended with " + process.exitValue() + ": " + output.strip());
        } catch (IOException e) {
            return Optional.of(command + " could not be run: " + e.getMessage());
        }
    }
}
