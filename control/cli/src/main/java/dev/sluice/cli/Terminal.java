package dev.sluice.cli;

import java.io.Console;
import java.util.Locale;

/** What is on the other side of standard output. */
final class Terminal {
    private Terminal() {}

    /** Asks a person; anything but yes is no. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean confirms(String question) {
        Console console = System.console();
        String answer = console == null ? null : console.readLine(question);
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    /** A person watches, so that lines may be overwritten. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25's own console is null without a terminal.
    static boolean isLive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
