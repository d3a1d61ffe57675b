package dev.sluice.engine.upstream;

/**
 * Requests that wait, or waited, for a place at an endpoint.
 *
 * @param now how many
 * @param joined since the proxy knows the upstream
 * @param waitedNanos all of them together
 * @param full that were refused, as too many waited already
 * @param late that were refused, as they waited too long
 */
public record WaitingStatus(int now, long joined, long waitedNanos, long full, long late) {
    public static final WaitingStatus NONE = new WaitingStatus(0, 0, 0, 0, 0);
}
