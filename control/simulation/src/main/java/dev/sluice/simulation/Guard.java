package dev.sluice.simulation;

/**
 * The guards of PROTOCOL.md that can be switched off, at the boundary between the world and the
 * production functions (see {@link Boundary}): what goes into a function or comes out of it is
 * doctored, the function itself has no switch.
 */
public enum Guard {
    SECOND_HOP_OWNS("3", "C6", "an old epoch's second hop stays in the chain"),
    NEVER_TRUNCATED("3", "C12", "a chain has all its hops"),
    START_CAUGHT_UP("6", "C5", "START waits until the last commit is known"),
    COMMIT_CAUGHT_UP("7", "C5", "COMMIT waits until PREPARE is known"),
    ABORT_BEFORE_COMMIT("8", "", "a committed epoch is not given up"),
    SETTLE_GENERATION("9", "C1, C11", "a report counts from the newest commit on"),
    SETTLE_EMPTY("9", "", "an epoch stays while a leaving owner holds flows"),
    SETTLE_SECOND_HOP("9", "C6", "fill hops are asked like first hops"),
    PENDING_PROTECTS_NOBODY("9", "C15", "hops of a pending epoch do not count: it may be given up"),
    INCARNATION("11", "", "a report counts for the incarnation that made it"),
    MISSING_IS_NOT_GONE("12", "C9", "a director without session is waited for"),
    INSTALL_GREATER("14", "", "only greater generations are installed"),
    ACKNOWLEDGE_INSTALLED("14", "", "acknowledged after the swap"),
    DEMOTED_BEHIND_ALL("15", "C8", "unreachable hops go behind all others"),
    DEMOTED_NOT_DROPPED("15", "", "demotion leaves no hop out"),
    CLOSED_NEVER_FIRST("15", "C7", "a closed hop is never put first"),
    REQUEST_KNOWS_ITS_OWN("16", "C3", "a request socket knows its own handshake only"),
    SYN_LOOKED_UP("16", "", "a SYN that a socket knows is kept"),
    FENCE("17", "C4", "an unknown SYN is kept by an open hop only"),
    RESCUE("19", "", "a stale packet gets the host's newer chain"),
    CONFIRMED("20", "C9b", "an unconfirmed last hop never resets"),
    SCAN_WAITS("21", "C4", "sockets are read a second after the fence stands"),
    RESTART_REMEMBERS("21", "C14", "a restarted host starts at what it reported"),
    SCAN_SEES_REQUESTS("22", "C2", "request sockets are reported"),
    SCAN_SEES_ACCEPT_QUEUE("22", "C2", "connections not accepted yet are reported"),
    SCAN_SEES_ORPHANS("22", "C2", "sockets without a process are reported"),
    COOKIES_HOLD_ROWS("22", "", "rows count as held while a SYN cookie may come back");

    private final String rule;
    private final String counterexamples;
    private final String text;

    Guard(String rule, String counterexamples, String text) {
        this.rule = rule;
        this.counterexamples = counterexamples;
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

    /** What it says. */
    public String text() {
        return text;
    }
}
