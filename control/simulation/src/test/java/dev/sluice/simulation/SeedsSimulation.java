package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;
import java.util.stream.LongStream;

/** Fixed seeds, and some that nobody ran before; a failure says how to run it again. */
class SeedsSimulation {
    private static final int FIXED = 200;
    private static final int FRESH = 8;

    @Test
    void noFixedSeedBreaksAPromise() {
        LongStream.rangeClosed(1, FIXED).parallel().forEach(SeedsSimulation::keepsEveryPromise);
    }

    @Test
    void noFreshSeedBreaksAPromise() {
        long first = System.nanoTime() >>> 1;
        System.out.println("fresh seeds: " + first + ".." + (first + FRESH - 1));
        LongStream.range(first, first + FRESH).forEach(SeedsSimulation::keepsEveryPromise);
    }

    /** Whom only a prepared epoch keeps in a chain, a force before it has given away. */
    @ParameterizedTest
    @ValueSource(longs = {911, 1043})
    void aSeedBeyondTheFixedOnesThatOnceBrokeAPromise(long seed) {
        keepsEveryPromise(seed);
    }

    @Test
    void aSeedAlwaysGivesTheSameRun() {
        Outcome first = Simulation.run(7, Set.of(), true);

        assertThat(Simulation.run(7, Set.of(), true)).isEqualTo(first);
        assertThat(first.trace()).isNotEmpty();
    }

    private static void keepsEveryPromise(long seed) {
        assertThat(Simulation.run(seed, Set.of(), false).violation())
                .as("seed %d: sluice simulate --seed %d --trace", seed, seed)
                .isEmpty();
    }
}
