package dev.sluice.simulation;

import java.util.Optional;

/**
 * The guards of PROTOCOL.md that can be switched off, at the boundary between the world and the
 * production functions (see {@link Boundary}): what goes into a function or comes out of it is
 * doctored, the function itself has no switch.
 */
public enum Guard {
    SECOND_HOP_OWNS("3", "C6", 2, "an old epoch's second hop stays in the chain"),
    NEVER_TRUNCATED("3", "C12", 2, "a chain has all its hops"),
    START_CAUGHT_UP("6", "C5", 11_000_001, "START waits until the last commit is known"),
    COMMIT_CAUGHT_UP("7", "C5", 9, "COMMIT waits until PREPARE is known"),
    ABORT_BEFORE_COMMIT("8", "", 10, "a committed epoch is not given up"),
    SETTLE_GENERATION("9", "C1, C11", 1, "a report counts from the newest commit on"),
    SETTLE_EMPTY("9", "", 1, "an epoch stays while a leaving owner holds flows"),
    SETTLE_SECOND_HOP("9", "C6", 2, "fill hops are asked like first hops"),
    PENDING_PROTECTS_NOBODY(
            "9", "C15", 44, "hops of a pending epoch do not count: it may be given up"),
    INCARNATION("11", "", 10_000_007, "a report counts for the incarnation that made it"),
    RISK_ANNOUNCED("10", "", 59, "a forced change names every row on which it may cut"),
    REMOVED_OUT_OF_CHAINS("11", "", 93, "a proxy is removed when it is in no chain"),
    DEADLINE_FENCED("10", "C13", 7_000_001, "a deadline settles what is fenced and reset"),
    MISSING_IS_NOT_GONE("12", "C9", 1_000_001, "a director without session is waited for"),
    ANNOUNCE_AFTER_READ("13", "C10", 6_000_001, "a director reads before it announces"),
    INSTALL_GREATER("14", "", 4, "only greater generations are installed"),
    ACKNOWLEDGE_INSTALLED("14", "", 8, "acknowledged after the swap"),
    DEMOTED_BEHIND_ALL("15", "C8", 2, "unreachable hops go behind all others"),
    DEMOTED_NOT_DROPPED("15", "", 2, "demotion leaves no hop out"),
    CLOSED_NEVER_FIRST("15", "C7", 5_000_001, "a closed hop is never put first"),
    REQUEST_KNOWS_ITS_OWN("16", "C3", 2, "a request socket knows its own handshake only"),
    TIME_WAIT_IS_OVER("16", "C16", 8_000_001, "a TIME_WAIT socket knows no SYN"),
    SYN_LOOKED_UP("16", "", 12_000_001, "a SYN that a socket knows is kept"),
    FENCE("17", "C4", 9, "an unknown SYN is kept by an open hop only"),
    PASSED_ON("18", "", 1, "an unknown packet goes to the next hop"),
    LAST_WORD(
            "18", "", 9_000_001, "a last hop resets nothing that is stamped older than its table"),
    RESCUE("19", "", 11, "a stale packet gets the host's newer chain"),
    CONFIRMED("20", "C9b", 2_000_001, "an unconfirmed last hop never resets"),
    SCAN_WAITS("21", "C4", 363, "sockets are read a second after the fence stands"),
    RESTART_REMEMBERS("21", "C14", 5, "a restarted host starts at what it reported"),
    SCAN_SEES_REQUESTS("22", "C2", 13_000_007, "request sockets are reported"),
    SCAN_SEES_ACCEPT_QUEUE("22", "C2", 75, "connections not accepted yet are reported"),
    SCAN_SEES_ORPHANS("22", "C2", 36, "sockets without a process are reported"),
    COOKIES_HOLD_ROWS("22", "", 114, "rows count as held while a SYN cookie may come back"),
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

    /** A seed that breaks a promise without it, and without {@link #backedBy}. */
    public long provenBySeed() {
        return provenBySeed;
    }

    /** A guard that keeps the promises even without this one, as this one does without it. */
    public Optional<Guard> backedBy() {
        return this == START_CAUGHT_UP ? Optional.of(COMMIT_CAUGHT_UP) : Optional.empty();
    }

    /** What it says. */
    public String text() {
        return text;
    }
}
