package dev.sluice.cluster.agent;

/**
 * What one director thinks of one hop, from its own probes.
 *
 * @param reachable the standing verdict; true until proven otherwise
 * @param against consecutive probes that contradict it
 * @param reason of the last probe that failed; empty if none did
 */
public record HopHealth(boolean reachable, int against, String reason) {
    public static final HopHealth UNKNOWN = new HopHealth(true, 0, "");

    /**
     * How many probes in a row turn the verdict.
     *
     * @param failures until unreachable
     * @param successes until reachable again
     */
    public record Thresholds(int failures, int successes) {}

    public HopHealth probed(boolean success, String detail, Thresholds thresholds) {
        String lastReason = success ? reason : detail;
        if (success == reachable) {
            return new HopHealth(reachable, 0, reachable ? "" : lastReason);
        }
        int needed = reachable ? thresholds.failures() : thresholds.successes();
        return against + 1 >= needed
                ? new HopHealth(success, 0, success ? "" : lastReason)
                : new HopHealth(reachable, against + 1, lastReason);
    }
}
