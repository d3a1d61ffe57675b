package dev.sluice.proxy;

/**
 * Whether a SYN cookie that was sent may still be redeemed: a flow then exists that no socket knows
 * of (PROTOCOL rule 22). Confined to one thread.
 */
final class CookieWatch {
    /** Linux accepts cookies of the current and the previous 64 s period. */
    private static final long VALID_NANOS = 128_000_000_000L;

    private long sent;
    private long lastSentNanos;

    /** What was sent before counts as sent now: how long ago is not known. */
    CookieWatch(long sent, long nowNanos) {
        this.sent = sent;
        this.lastSentNanos = sent == 0 ? nowNanos - VALID_NANOS : nowNanos;
    }

    /**
     * Looks at the kernel's counter.
     *
     * @param sentNow since boot
     */
    boolean sentLately(long sentNow, long nowNanos) {
        if (sentNow != sent) {
            sent = sentNow;
            lastSentNanos = nowNanos;
        }
        return nowNanos - lastSentNanos < VALID_NANOS;
    }
}
