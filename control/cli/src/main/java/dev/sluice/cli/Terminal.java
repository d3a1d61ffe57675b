package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Console;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is on the other side of standard output. */
final class Terminal {
    /** Rows and columns. */
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})");

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

    /** Now: it may have changed since. Where nobody knows, {@link Screen#USUAL}. */
    static Screen screen() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(ProcessBuilder.Redirect.INHERIT)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String said = new String(stty.getInputStream().readAllBytes(), US_ASCII);
            return size(said).orElse(Screen.USUAL);
        } catch (IOException e) {
            return Screen.USUAL;
        }
    }

    /** Empty if that is none: a terminal may not know its own. */
    static Optional<Screen> size(String stty) {
        Matcher size = SIZE.matcher(stty.strip());
        return size.matches()
                ? Optional.of(
                        new Screen(
                                Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1))))
                : Optional.empty();
    }
}
