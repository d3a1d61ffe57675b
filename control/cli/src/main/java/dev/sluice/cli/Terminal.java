package dev.sluice.cli;

import java.io.Console;

/** What is on the other side of standard output. */
final class Terminal {
    private Terminal() {}

    /** A person watches, so that lines may be overwritten. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25's own console is null without a terminal.
    static boolean isLive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
