package dev.sluice.simulation;

/**
 * The guards of PROTOCOL.md that can be switched off, at the boundary between the world and the
 * production functions (see {@link Boundary}): what goes into a function or comes out of it is
 * doctored, the function itself has no switch.
 */
public enum Guard {
    SECOND_HOP_OWNS("3", "C6", 2, "an old epoch's second hop stays in the chain"),
    NEVER_TRUNCATED("3", "C12", 2, "a chain has all its hops"),
    START_CAUGHT_UP("6", "C5", 0, "START waits until the last commit is known"),
    COMMIT_CAUGHT_UP("7", "C5", 31, "COMMIT waits until PREPARE is known"),
    ABORT_BEFORE_COMMIT("8", "", 30, "a committed epoch is not given up"),
    SETTLE_GENERATION("9", "C1, C11", 1, "a report counts from the newest commit on"),
    SETTLE_EMPTY("9", "", 1, "an epoch stays while a leaving owner holds flows"),
    SETTLE_SECOND_HOP("9", "C6", 2, "fill hops are asked like first hops"),
    PENDING_PROTECTS_NOBODY(
            "9", "C15", 8, "hops of a pending epoch do not count: it may be given up"),
    INCARNATION("11", "", 0, "a report counts for the incarnation that made it"),
    REMOVED_OUT_OF_CHAINS("11", "", 12, "a proxy is removed when it is in no chain"),
    DEADLINE_FENCED("10", "C13", 7_000_001, "a deadline settles what is fenced and reset"),
    MISSING_IS_NOT_GONE("12", "C9", 1_000_001, "a director without session is waited for"),
    ANNOUNCE_AFTER_READ("13", "C10", 6_000_001, "a director reads before it announces"),
    INSTALL_GREATER("14", "", 4, "only greater generations are installed"),
    ACKNOWLEDGE_INSTALLED("14", "", 3, "acknowledged after the swap"),
    DEMOTED_BEHIND_ALL("15", "C8", 2, "unreachable hops go behind all others"),
    DEMOTED_NOT_DROPPED("15", "", 2, "demotion leaves no hop out"),
    CLOSED_NEVER_FIRST("15", "C7", 5_000_001, "a closed hop is never put first"),
    REQUEST_KNOWS_ITS_OWN("16", "C3", 25, "a request socket knows its own handshake only"),
    TIME_WAIT_IS_OVER("16", "C16", 0, "a TIME_WAIT socket knows no SYN"),
    SYN_LOOKED_UP("16", "", 0, "a SYN that a socket knows is kept"),
    FENCE("17", "C4", 25, "an unknown SYN is kept by an open hop only"),
    RESCUE("19", "", 12, "a stale packet gets the host's newer chain"),
    CONFIRMED("20", "C9b", 2_000_001, "an unconfirmed last hop never resets"),
    SCAN_WAITS("21", "C4", 102, "sockets are read a second after the fence stands"),
    RESTART_REMEMBERS("21", "C14", 5, "a restarted host starts at what it reported"),
    SCAN_SEES_REQUESTS("22", "C2", 113, "request sockets are reported"),
    SCAN_SEES_ACCEPT_QUEUE("22", "C2", 3_000_051, "connections not accepted yet are reported"),
    SCAN_SEES_ORPHANS("22", "C2", 36, "sockets without a process are reported"),
    COOKIES_HOLD_ROWS("22", "", 72, "rows count as held while a SYN cookie may come back"),
    STAYS_IN_PLACE("23", "", 4_000_001, "a host in no chain keeps its redirect");

    private final String rule;
    private final String counterexamples;
    private final long provenBySeed;
    private final String text;

    Guard(String rule, String counterexamples, long provenBySeed, String text) {
        this.rule = rule;
        this.counterexamples = counterexamples;
        this.provenBySeed = provenBySeed;
        this.text = text;
    }

    /** Its number in PROTOCOL.md. */
    public String rule() {
        return rule;
    }

    /** Those of PROTOCOL.md that force it; may be empty. */
    public String counterexamples() {
        return counterexamples;
    }

    /** A seed that breaks a promise without it; 0 = none is known, docs/simulation.md says why. */
    public long provenBySeed() {
        return provenBySeed;
    }

    /** What it says. */
    public String text() {
        return text;
    }
}
