package dev.sluice.cli;

import picocli.CommandLine;

import java.util.List;

/** The commands that the launcher registers. */
public final class SluiceCommands {
    /** In the order in which help shows them. */
    public static final List<Class<?>> ALL =
            List.of(
                    StatusCommand.class,
                    DrainCommand.class,
                    FillCommand.class,
                    AbortCommand.class,
                    ConfigCommand.class,
                    EventsCommand.class,
                    DirectorsCommand.class);

    private SluiceCommands() {}

    /** Adds them all to the root command. */
    public static void addTo(CommandLine root) {
        ALL.forEach(root::addSubcommand);
    }
}
