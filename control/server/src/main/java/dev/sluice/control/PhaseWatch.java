package dev.sluice.control;

import dev.sluice.proto.admin.v1.PoolPhase;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * How long pools were in their phases, as far as this process saw them begin and end: whoever
 * leads. Thread-safe.
 */
final class PhaseWatch {
    /** Upper bounds, in seconds: from a commit that all know at once to a drain of a day. */
    private static final double[] BOUNDS = {0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 86_400};

    private static final double NANOS_PER_SECOND = 1e9;

    /** Guarded by this, as all below. */
    private final Map<String, Stay> stays = new HashMap<>();

    private final Map<PoolPhase, Durations> durations = new EnumMap<>(PoolPhase.class);

    /**
     * @param whole this process saw it begin
     */
    private record Stay(PoolPhase phase, long beganNanos, boolean whole) {}

    /**
     * Of one phase.
     *
     * @param counts by bucket; one more than there are bounds
     */
    record Durations(double[] bounds, long[] counts, double sumSeconds) {
        private Durations with(double seconds) {
            long[] next = counts.clone();
            int bucket = 0;
            while (bucket < bounds.length && seconds > bounds[bucket]) {
                bucket++;
            }
            next[bucket]++;
            return new Durations(bounds, next, sumSeconds + seconds);
        }
    }

    PhaseWatch() {
        durations.put(PoolPhase.POOL_PHASE_PREPARING, none());
        durations.put(PoolPhase.POOL_PHASE_SETTLING, none());
    }

    private static Durations none() {
        return new Durations(BOUNDS, new long[BOUNDS.length + 1], 0);
    }

    /**
     * To be called with every view.
     *
     * @param phases by pool
     */
    synchronized void observe(Map<String, PoolPhase> phases, long nowNanos) {
        stays.keySet().retainAll(phases.keySet());
        phases.forEach((pool, phase) -> observe(pool, phase, nowNanos));
    }

    private void observe(String pool, PoolPhase phase, long nowNanos) {
        Stay stay = stays.get(pool);
        if (stay == null) {
            stays.put(pool, new Stay(phase, nowNanos, false));
        } else if (stay.phase() != phase) {
            if (stay.whole()) {
                double seconds = (nowNanos - stay.beganNanos()) / NANOS_PER_SECOND;
                durations.computeIfPresent(stay.phase(), (_, known) -> known.with(seconds));
            }
            stays.put(pool, new Stay(phase, nowNanos, true));
        }
    }

    /** Of preparing and settling; both are there. */
    synchronized Map<PoolPhase, Durations> read() {
        return new EnumMap<>(durations);
    }
}
