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
                    WeightCommand.class,
                    ReplaceCommand.class,
                    AddCommand.class,
                    RemoveCommand.class,
                    PlanCommand.class,
                    QueueCommand.class,
                    EpochsCommand.class,
                    AbortCommand.class,
                    ConfirmOffCommand.class,
                    SettleCommand.class,
                    ConfigCommand.class,
                    EventsCommand.class,
                    PoolCommand.class,
                    DirectorsCommand.class,
                    TraceCommand.class,
                    UpstreamsCommand.class,
                    TopCommand.class,
                    ErrorsCommand.class);

    private SluiceCommands() {}

    /** Adds them all to the root command. */
    public static void addTo(CommandLine root) {
        ALL.forEach(root::addSubcommand);
    }
}
