package dev.sluice.lab;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Says what is being done, with the time since the start. Thread-safe. */
public final class Progress {
    private final PrintStream out;
    private final long start = System.nanoTime();

    public Progress(PrintStream out) {
        this.out = out;
    }

    public void step(String text) {
        out.printf(Locale.ROOT, "[%5.1f s] %s%n", elapsed().toMillis() / 1000.0, text);
        out.flush();
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
