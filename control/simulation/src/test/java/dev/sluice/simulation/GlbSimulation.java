package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cluster.pool.PoolSpec.Wire;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;

/** {@code wire: glb} keeps what it promises, under all faults; and its guards are what keeps it. */
class GlbSimulation {
    private static final int FIXED = 100;
    private static final int MANY = 2_000;
    private static final int BUDGET = 100;

    @Test
    void noFixedSeedBreaksAPromise() {
        LongStream.rangeClosed(1, FIXED).parallel().forEach(GlbSimulation::keepsEveryPromise);
    }

    @Tag("full")
    @Test
    void thousandsOfSeedsKeepEveryPromise() {
        LongStream.rangeClosed(1, MANY).forEach(GlbSimulation::keepsEveryPromise);
    }

    /** The two exceptions are few: it is a promise all the same. */
    @Test
    void nearlyEveryFlowIsPromisedToLive() {
        long[] counts = new long[2];
        LongStream.rangeClosed(1, 12)
                .mapToObj(seed -> Simulation.run(seed, Wire.GLB, Set.of(), false).counts())
                .forEach(run -> {
                    counts[0] += run.getOrDefault("flows established", 0L);
                    counts[1] += run.getOrDefault("flows without a promise", 0L);
                });

        assertThat(counts[0]).isGreaterThan(4_000);
        assertThat(counts[1]).isPositive().isLessThan(counts[0] / 10);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMMIT_CAUGHT_UP", "SETTLE_GENERATION", "SETTLE_EMPTY", "RISK_ANNOUNCED"})
    void theLossOfAGuardIsFound(Guard guard) {
        Set<Guard> off = EnumSet.of(guard);
        long found =
                LongStream.rangeClosed(1, BUDGET)
                        .filter(seed -> !Simulation.run(seed, Wire.GLB, off, false).isGood())
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no seed misses the guard " + guard));

        keepsEveryPromise(found);
    }

    private static void keepsEveryPromise(long seed) {
        assertThat(Simulation.run(seed, Wire.GLB, Set.of(), false).violation())
                .as("seed %d: sluice simulate --wire glb --seed %d --trace", seed, seed)
                .isEmpty();
    }
}
