package dev.sluice.cli;

import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.time.Duration;

/** Waits until a revision that was made active is served. */
final class ConfigWait {
    @Option(names = "--no-wait", description = "Do not wait until every running proxy serves it.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DeadlineConverter.class,
            description = "Wait that long, 1s to 30d (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofMinutes(1);

    /** Blocks. Tells how far it has come in lines to {@code err}, and of the end as well. */
    void until(ConfigLook.Goal goal, AdminClient client, PrintWriter err) throws Failure {
        if (noWait) {
            return;
        }
        ConfigLook look = new ConfigLook(goal, timeout, System::nanoTime, err);
        try (Interruption note = Interruption.says(err, look.goesOn())) {
            StatusWatch.until(look, client, timeout);
            note.disarm();
        } catch (Failure e) {
            throw new Failure(e.exitCode(), e.getMessage() + "; " + look.goesOn());
        }
    }
}
