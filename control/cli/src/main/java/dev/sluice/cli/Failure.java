package dev.sluice.cli;

import java.io.Serial;

/** Ends a command: one message for people, one exit code for scripts. */
public final class Failure extends Exception {
    @Serial private static final long serialVersionUID = 1;

    private final int exitCode;

    Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
