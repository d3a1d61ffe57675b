package dev.sluice.cli;

import picocli.CommandLine.Option;

/** What to do where a change is refused for now. */
final class Insistence {
    static final Insistence NONE = new Insistence();

    @Option(
            names = "--queue",
            description = "Where it cannot begin now, let it wait its turn; see 'sluice queue'.")
    private boolean queue;

    @Option(
            names = "--force",
            description = {
                "Begin it although that may cut connections: says first how many rows and",
                "connections are at risk, and asks.",
            })
    private boolean force;

    @Option(names = "--yes", description = "Do not ask: needed with --force in scripts.")
    private boolean yes;

    boolean queue() {
        return queue;
    }

    boolean force() {
        return force;
    }

    boolean yes() {
        return yes;
    }

    /** Of a command that is of use by force only. */
    static Insistence forced(boolean force, boolean yes) {
        Insistence insistence = new Insistence();
        insistence.force = force;
        insistence.yes = yes;
        return insistence;
    }
}
