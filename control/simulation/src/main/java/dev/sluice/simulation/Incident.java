package dev.sluice.simulation;

/**
 * Something that is done to the world: a fault, or an operator's command.
 *
 * @param number among those of its scenario: what a replay can leave out
 * @param forNanos how long a fault lasts, or a drain's deadline; 0 = as the kind says
 * @param choice picks the target among those there are at the time
 */
record Incident(int number, Kind kind, long atNanos, long forNanos, int choice) {
    enum Kind {
        DRAIN,
        DRAIN_WITH_DEADLINE,
        FILL,
        ABORT,
        DRAIN_TWO,
        FILL_ALL,
        WEIGH,
        REPLACE,
        ADD,
        REMOVE,
        CONFIRM_OFF,
        FORCE_DRAIN,
        FORCE_FILL,
        FORCE_REPLACE,
        FORCE_SETTLE,
        DIRECTOR_CRASH,
        DIRECTOR_POWER,
        DIRECTOR_OLD_DISK,
        PROXY_CRASH,
        PROXY_POWER,
        STORE_CUT_DIRECTOR,
        STORE_CUT_PROXY,
        STORE_CUT_CONTROLLER,
        SESSION_LOSS,
        PAUSE_DIRECTOR,
        PAUSE_PROXY,
        LAG_DIRECTOR,
        LAG_PROXY,
        LAG_CONTROLLER,
        LAG_MANY,
        STORE_CUT_MANY,
        SLOW_DIRECTOR,
        SLOW_PROXY,
        DISK_FULL,
        DEAF_PROBES,
        DEAF_MEMBERS,
        LINK_CUT,
        RESHUFFLE,
        CONTROLLER_CRASH,
        USURPER,
        SYN_FLOOD,
        PORTS_AGAIN,
        PROXY_OLD_DISK,
        STRANDED,
        ESTRANGED,
        STALE_READ,
        WITHDRAW
    }

    @Override
    public String toString() {
        return "#" + number + " " + kind + (forNanos > 0 ? " for " + Nanos.text(forNanos) : "");
    }
}
