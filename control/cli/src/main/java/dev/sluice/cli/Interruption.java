package dev.sluice.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;

/** What Ctrl-C says while a command waits. */
final class Interruption implements AutoCloseable {
    private final AtomicBoolean armed = new AtomicBoolean(true);

    private Interruption() {}

    static Interruption says(PrintWriter err, String text) {
        Interruption interruption = new Interruption();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            if (interruption.armed.get()) {
                                err.println();
                                err.println(text);
                                err.flush();
                            }
                        }));
        return interruption;
    }

    void disarm() {
        armed.set(false);
    }

    @Override
    public void close() {
        disarm();
    }
}
