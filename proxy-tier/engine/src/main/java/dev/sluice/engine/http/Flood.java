package dev.sluice.engine.http;

/** Frames that cost their sender nothing and us something: too many of them end a connection. */
public enum Flood {
    /** Streams that the client opens and takes back (CVE-2023-44487). */
    RESETS,
    /** Streams that the client makes us reset (CVE-2025-8671). */
    FORCED_RESETS,
    /** Pieces of one head. */
    CONTINUATIONS,
    SETTINGS,
    PINGS,
    PRIORITIES,
    WINDOW_UPDATES,
    EMPTY_DATA,
    /** Of no known type. */
    UNKNOWN_FRAMES,
    /** Answers that the client does not read. */
    UNREAD_REPLIES;

    /** A stable name for logs and metrics. */
    public String reason() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
