package dev.sluice.simulation;

/** What stands between a command and the tables. */
enum Checks {
    /** The protocol: a broken promise ends the run. */
    ALL,
    /** The protocol; broken promises are counted. */
    COUNTED,
    /** None, as GLB is operated: a command is the next table; broken promises are counted. */
    NONE
}
